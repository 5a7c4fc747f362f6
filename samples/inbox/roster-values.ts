/** The cells of one roster row: what the school knows of one post, written its way, with the row's fault if it has one. */
import { createHash } from 'node:crypto';
import { withWrongChecksum } from '../world/identifiers.ts';
import { fraction } from '../world/random.ts';
import { codeOf, type Post, sectionOf } from '../world/state.ts';
import { UNKNOWN_TITLES } from '../world/titles.ts';
import type { ExtraColumn, RosterColumn } from './aliases.ts';
import { writeDate, writeMoment } from './dates.ts';
import { type DirtClass, variant } from './dirt.ts';
import type { Profile } from './profile.ts';
import type { Cell } from './table.ts';

export interface RosterLine {
  post: Post;
  dirt?: DirtClass | undefined;
  /** 異動別 and 異動日期. */
  change?: { word: string; on: string } | undefined;
  /** 登錄時間, where the school's system says it. */
  registeredAt?: string | undefined;
  /** Written instead of the post's own code or section: a row that does not belong here. */
  stray?: { code: string; section: string } | undefined;
}

const KIND_LABELS =
  '校長 教師兼主任 主任 教師兼組長 組長 導師 專任教師 實習教師 試用教師 代理/代課教師 兼任教師 職員'.split(' ');
const SHEETS: ReadonlySet<string> = new Set(['xlsx', 'ods']);

export const hashedId = (id: string): string => createHash('sha256').update(id.trim().toUpperCase()).digest('hex');
const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));

export function writeCode(code: string, profile: Profile): Cell {
  const own = code === profile.code;
  if (profile.losesZero && own) return { number: Number(code) };
  return profile.floats && own ? `${Number(code)}.0` : code;
}

export function dateCell(iso: string, profile: Profile, key: string): Cell {
  const style = fraction(`date/${key}`) < 0.06 ? profile.otherDates : profile.dates;
  const value = writeDate(iso, style);
  if (typeof value === 'string') return value;
  if (!SHEETS.has(profile.format)) return String(value);
  return style === 'serial-formatted' ? { number: value, format: 'yyyy/mm/dd' } : { number: value };
}

function idText(id: string, dirt: DirtClass | undefined): string {
  switch (dirt) {
    case 'missing-id':
      return '';
    case 'lower-case-id':
      return id.toLowerCase();
    case 'full-width-id':
      return fullWidth(id);
    case 'wrong-checksum':
      return withWrongChecksum(id);
    case 'masked-id':
      return `${id.slice(0, 3)}****${id.slice(7)}`;
    case 'trailing-space':
      return `${id} `;
    default:
      return id;
  }
}

export function nameText(name: string, dirt: DirtClass | undefined, key: string): string {
  const characters = [...name];
  const last = characters.at(-1) ?? '';
  const rest = characters.slice(0, -1).join('');
  if (dirt === 'question-in-name') return `${rest}?`;
  if (dirt === 'entity-in-name') return `${rest}&#${last.codePointAt(0)};`;
  if (dirt === 'masked-id' && variant(key, [true, false])) return `${characters[0]}○○`;
  if (dirt === 'trailing-space') return `${name}  `;
  if (dirt === 'ideographic-space') return characters.length === 2 ? `${rest}　${last}` : `${name}　`;
  return name;
}

export const writtenTitle = (post: Post, dirt: DirtClass | undefined): string =>
  dirt === 'unknown-title' ? variant(post.key, UNKNOWN_TITLES) : post.title;

function birthCell(line: RosterLine, profile: Profile): Cell {
  const key = `birth/${line.post.person.uid}`;
  if (line.dirt === 'placeholder-birth') return variant(key, ['0000-00-00', '1970/01/01']);
  if (line.dirt === 'unparsable-birth') return variant(key, ['不詳', '70/13/45', '民國六十幾年']);
  return dateCell(line.post.person.birth, profile, key);
}

function changeDateCell(line: RosterLine, profile: Profile): Cell {
  if (line.dirt === 'unparsable-change-date') return variant(line.post.key, ['113/13/45', '八月一日', '113年2月30日']);
  return line.change ? dateCell(line.change.on, profile, `change/${line.post.key}`) : '';
}

function kindText(line: RosterLine, profile: Profile): string {
  if (line.post.kind === null || line.dirt === 'unknown-title') return '';
  return profile.kindAsLabel ? (KIND_LABELS[line.post.kind - 1] ?? '') : String(line.post.kind);
}

/** One cell. `schoolName` is for the extra column that some schools add. */
export function rosterCell(
  column: RosterColumn | ExtraColumn,
  line: RosterLine,
  profile: Profile,
  schoolName: string,
): Cell {
  const { post, dirt } = line;
  const { person } = post;
  switch (column) {
    case '學校代碼':
      return writeCode(line.stray?.code ?? codeOf(post.unit), profile);
    case '學制':
      return line.stray?.section ?? sectionOf(post.unit);
    case '身分證字號':
      return idText(person.id, dirt);
    case '身分證編碼':
      return dirt === 'missing-id' ? '' : hashedId(person.id);
    case '姓名':
      return nameText(person.name, dirt, post.key);
    case '性別':
      return profile.sexAsDigit ? (person.sex === '男' ? '1' : '2') : person.sex;
    case '出生日期':
      return birthCell(line, profile);
    case '職稱':
      return writtenTitle(post, dirt);
    case '職別':
      return kindText(line, profile);
    case '任教科目':
      return post.subjects.join(profile.separator);
    case '主聘':
      return post.primary ? '是' : '否';
    case '異動別':
      return line.change?.word ?? '';
    case '異動日期':
      return changeDateCell(line, profile);
    case '登錄時間':
      return line.registeredAt ? writeMoment(line.registeredAt, profile.momentStyle) : '';
    case '電子郵件':
      return post.email ?? '';
    case '聯絡電話':
      return phoneText(post.mobile, profile);
    case '教師證字號':
      return post.certificateNo ?? '';
    case '學校名稱':
      return schoolName;
    case '備註':
      return variant(`remark/${post.key}`, ['', '', '', '', '兼行政,另有減課', '住址:臺中市西區,公益路']);
    case '序號':
      return '';
  }
}

function phoneText(mobile: string | null, profile: Profile): string {
  if (mobile === null) return '';
  return profile.floats ? `${Number(mobile.replaceAll('-', ''))}.0` : mobile;
}
