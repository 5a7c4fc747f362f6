/** The real institutions and the name ranks that everything made up is hung on. See samples/README.md for their sources. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';

export interface SchoolFact {
  /** `code:section`: one code may cover two sections. */
  key: string;
  code: string;
  name: string;
  section: string;
  ownership: string;
  district: string;
  /** Real number of full-time teachers (primaries), null where no list has it. */
  teachers: number | null;
}

export interface KindergartenFact {
  code: string;
  name: string;
  ownership: string;
  district: string;
  address: string;
  telephone: string;
}

export interface NameRanks {
  surnames: { list: string[]; cumulative: number[] };
  given: { 男: string[]; 女: string[]; cumulative: number[] };
}

export interface Reference {
  schools: SchoolFact[];
  kindergartens: KindergartenFact[];
  names: NameRanks;
}

const HERE = join(import.meta.dirname, '..');
type Row = Record<string, string>;

const rows = (file: string, folder = HERE): Row[] =>
  Papa.parse<Row>(readFileSync(join(folder, file), 'utf8'), { header: true, skipEmptyLines: true }).data;

const cumulative = (weights: number[]): number[] => {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
};

const text = (row: Row, column: string): string => row[column] ?? '';

function nameRanks(): NameRanks {
  const surnames = rows('names/surnames.csv');
  const given = rows('names/given-names.csv');
  const ofSex = (code: string): string[] => given.filter((r) => r.gender === code).map((r) => text(r, 'given_name'));
  // Below the top 20 no percentage is published: a share that falls with the rank, continuing from the twentieth.
  const weights = surnames.map((r) => Number(r.percent) || 24 / Number(r.rank));
  return {
    surnames: { list: surnames.map((r) => text(r, 'surname')), cumulative: cumulative(weights) },
    given: {
      男: ofSex('M'),
      女: ofSex('F'),
      cumulative: cumulative(ofSex('M').map((_, i) => 1 / (i + 25))),
    },
  };
}

/** @param folder that holds `institutions/`, where the city is another one */
export function loadReference(folder = HERE): Reference {
  const schools = rows('institutions/schools.csv', folder).map((r): SchoolFact => {
    const teachers = text(r, 'teachers');
    return {
      key: `${text(r, 'code')}:${text(r, 'section')}`,
      code: text(r, 'code'),
      name: text(r, 'name'),
      section: text(r, 'section'),
      ownership: text(r, 'ownership'),
      district: text(r, 'district'),
      teachers: teachers === '' ? null : Number(teachers),
    };
  });
  const kindergartens = rows('institutions/kindergartens.csv', folder).map((r) => ({
    code: text(r, '代碼'),
    name: text(r, '學校名稱'),
    ownership: text(r, '公/私立'),
    district: text(r, '鄉鎮市區名稱'),
    address: text(r, '地址'),
    telephone: text(r, '電話'),
  }));
  return { schools, kindergartens, names: nameRanks() };
}
