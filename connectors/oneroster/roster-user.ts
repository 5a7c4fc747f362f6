/** What OneRoster says of a person, the same for 1.1 and 1.2, CSV and REST: text as received, '' where nothing is said. */
export interface RosterUser {
  sourcedId: string;
  /** `active`, or `tobedeleted`: which says no reason. */
  status: string;
  givenName: string;
  familyName: string;
  email: string;
  phone: string;
  userIds: readonly { type: string; identifier: string }[];
  memberships: readonly Membership[];
  /** Any other field by name; metadata under `metadata.<name>`. Names are compared without case and punctuation. */
  field(name: string): string;
}

/** A role of a person at an organisation. */
export interface Membership {
  role: string;
  orgSourcedId: string;
  status: string;
  primary: boolean;
  beginDate: string;
  endDate: string;
  /** dateLastModified where it is the source's registration time, else ''. */
  modified: string;
}

export interface Demographics {
  birthDate: string;
  sex: string;
}

export interface RosterOrg {
  sourcedId: string;
  status: string;
  type: string;
  identifier: string;
  parentSourcedId: string;
}
