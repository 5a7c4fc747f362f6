/** The moment given to a picture that names none: a constant, so that it orders like any other. Readers are shown no moment then. */
export const UNDATED = '2000-01-01T00:00:00+08:00';
