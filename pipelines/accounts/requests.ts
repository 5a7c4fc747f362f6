/**
 * What is asked of 本市教師研習中心 about accounts of 總負責人 (R18): made of what is open and of what is known each time, and stored nowhere. A file of a school can only ask;
 * what the centre did is recorded by the bureau, and the next run takes what the file says.
 */
import { AccountRequestError } from '../../schemas/account-request-error.ts';
import type { ExceptionCode } from '../../schemas/messages/exceptions.ts';
import type { AccountRequest, Asked } from '../../schemas/outputs/account-requests.ts';
import type { ActingUser } from '../../schemas/users.ts';
import { addAccountWord, lockMatter } from '../../warehouse/account-words.ts';
import { appendAudit } from '../../warehouse/audit.ts';
import type { Database, Transaction } from '../../warehouse/connect.ts';
import { holdToRole } from '../../warehouse/hold-to-role.ts';
import { type AccountMatter, accountMatters, LEAD_APPLIED } from '../../warehouse/views/account-requests.ts';
import { institutionRefs } from '../../warehouse/views/report-institutions.ts';
import { institutionOf } from '../report/institution-of.ts';

type Text = AccountRequest['reason'];
type Meaning = Pick<AccountRequest, 'asked' | 'reason' | 'blocked'>;

const SAME_PERSON: Text = {
  zh: '帳號限本人使用，刪除的帳號名稱不再使用（R19）：請新任者另行申請帳號。',
  en: 'An account is never handed over and a freed name never used again (R19): the new holder applies for another one.',
};
const SCHOOL_FIRST: Text = {
  zh: '學校尚未報送，請學校先於帳號檔案報送。',
  en: 'The school has not told it yet: its account file comes first.',
};

const steps = ({ known, told }: AccountMatter): string => `${known ?? '無'} → ${told ?? '（未報）'}`;

function courses({ blocking }: AccountMatter): Text | null {
  if (blocking === null) return null;
  const named = blocking.join('、');
  return {
    zh: `尚有 ${blocking.length} 門課程未「名單確認通過」：${named}（R21）。`,
    en: `${blocking.length} courses are not 名單確認通過: ${named} (R21).`,
  };
}

/** What each kind of matter asks for, why, and what stands in its way. */
const MEANING = {
  'account-lead-requested': (m) => ({
    asked: m.params.asked as Asked,
    reason: { zh: `學校檔案報請${m.params.asked}（${steps(m)}）`, en: `the school's file asks for it (${steps(m)})` },
    blocked: null,
  }),
  'account-lead-applied': () => ({ asked: '開通', reason: { zh: '申請中', en: 'applied for' }, blocked: null }),
  'account-lead-handed-over': () => ({
    asked: '異動',
    reason: { zh: '學校檔案改報為另一人使用', en: "the school's file gives it to another person" },
    blocked: SAME_PERSON,
  }),
  'account-name-returned': (m) => ({
    asked: '開通',
    reason: { zh: `已刪除的帳號再次報送（${m.told}）`, en: `a deleted account was told again (${m.told})` },
    blocked: SAME_PERSON,
  }),
  'account-deletion-blocked': (m) => ({
    asked: '刪除',
    reason: { zh: '學校檔案報請刪除', en: "the school's file asks for it" },
    blocked: courses(m),
  }),
  'account-orphaned': (m) => ({
    asked: '刪除',
    reason: {
      zh: `使用人自 ${m.params.since} 起已不在本校名冊`,
      en: `the holder is not on the roster from ${m.params.since} on`,
    },
    blocked: courses(m) ?? SCHOOL_FIRST,
  }),
  'no-account-lead': () => ({
    asked: '開通',
    reason: { zh: '學校沒有啟用中的總負責人帳號（R16）', en: 'the school has no active 總負責人 account (R16)' },
    blocked: SCHOOL_FIRST,
  }),
} as const satisfies Partial<Record<ExceptionCode, (matter: AccountMatter) => Meaning>>;

/** What the school says of an account says all of it; and who asks for an account is not told to ask for one. */
function saidOtherwise(matter: AccountMatter, all: readonly AccountMatter[]): boolean {
  const others = all.filter((other) => other !== matter);
  if (matter.code === 'account-orphaned' || matter.code === LEAD_APPLIED)
    return others.some(({ subject }) => subject === matter.subject);
  if (matter.code !== 'no-account-lead') return false;
  // One that stands is not asked for: its school lists it again (`account-missing`).
  if (matter.lead_unlisted) return true;
  return others.some(
    (other) =>
      other.institution_key === matter.institution_key &&
      (other.code === LEAD_APPLIED || other.params.asked === '開通'),
  );
}

async function requestsWith(db: Database | Transaction): Promise<{ matter: AccountMatter; request: AccountRequest }[]> {
  const matters = await accountMatters(db, Object.keys(MEANING));
  const shown = matters.filter((matter) => !saidOtherwise(matter, matters));
  const refs = await institutionRefs(db, [...new Set(shown.map((m) => m.institution_key))], 'infinity');
  return shown.map((matter) => ({
    matter,
    request: {
      number: matter.number,
      digest: matter.digest,
      ...MEANING[matter.code as keyof typeof MEANING](matter),
      institution: institutionOf(refs, matter.institution_key),
      account: matter.account_name,
      holder: matter.holder_name,
      since: matter.opened_at,
      recorded: matter.recorded_at,
    },
  }));
}

/** In the order of the schools. */
export const accountRequests = async (db: Database): Promise<AccountRequest[]> =>
  (await requestsWith(db)).map(({ request }) => request);

/** A dry run or a failed one in between may have landed another word of the school than the one that the matter was made of, or a list without the account. */
function asLastRunHeard({ code, params, told, known, missing, digest }: AccountMatter): boolean {
  if (missing && (told !== '刪除' || known === null)) return false;
  if (code === LEAD_APPLIED) return told === '申請中' || told === '啟用';
  return code === 'account-lead-requested' ? params.digest === digest : told === '刪除';
}

export interface Done {
  number: number;
  /** What the centre did: refused where the school asks for something else by now. */
  asked: Asked;
  /** As the list showed it: refused where the file says something else of kind, state or holder by now. */
  digest: string;
  reason: string;
  by: ActingUser;
  /** ISO moment. */
  at: string;
  /** Who hands in what each configured source brings. */
  handedInBy: ReadonlyMap<string, readonly string[]>;
}

/**
 * Records what 本市教師研習中心 did, as the bureau says; the next run takes it.
 * @returns the request, and whether the same had been recorded before
 * @throws AccountRequestError, UserRefusedError: nothing is recorded then
 */
export async function recordDone(db: Database, done: Done): Promise<{ request: AccountRequest; already: boolean }> {
  const { number, asked, digest, reason, by, at, handedInBy } = done;
  return db.transaction(async (trx) => {
    await holdToRole(trx, by, ['bureau']);
    await lockMatter(trx, number);
    const found = (await requestsWith(trx)).find(({ request }) => request.number === number);
    if (found === undefined) throw new AccountRequestError('account-request-unknown', { number });
    const { matter, request } = found;
    if (request.blocked !== null)
      throw new AccountRequestError(
        'account-request-blocked',
        { number, why: request.blocked.zh },
        {
          number,
          why: request.blocked.en,
        },
      );
    if (request.asked !== asked)
      throw new AccountRequestError('account-request-other', { number, asked: request.asked, given: asked });
    if (request.digest !== digest || !asLastRunHeard(matter))
      throw new AccountRequestError('account-request-changed', { number, given: digest });
    const subject = matter.subject as string;
    if (handedInBy.get(subject.split('/')[0] as string)?.includes(by.name))
      throw new AccountRequestError('account-request-own-upload', { by: by.name });
    const state = matter.code === LEAD_APPLIED ? '啟用' : (matter.told as string);
    const word = { number, subject, asked, state, by: by.name, reason, at };
    if (!(await addAccountWord(trx, word))) return { request, already: true };
    await appendAudit(trx, {
      at,
      actor: by.name,
      action: 'account-request-done',
      subject: `account-request:${number}`,
      detail: { asked, institution: matter.institution_key, state, reason },
    });
    return { request: { ...request, recorded: at }, already: false };
  });
}
