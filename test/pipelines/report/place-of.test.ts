import { expect, it } from 'vitest';
import { pageName as carePage } from '../../../connectors/care-system/page-names.ts';
import { PAGE } from '../../../connectors/cloudschool/wire.ts';
import { pageName as apiPage } from '../../../connectors/oneroster/api/page-names.ts';
import { placeText } from '../../../pipelines/report/place-of.ts';

it.each([
  [apiPage({ walk: 1, list: 'users', offset: 0, total: 13, more: true }), 2, '人員（users） 第 2 筆'],
  [apiPage({ walk: 2, list: 'users', offset: 2000, total: null, more: false }), 7, '人員（users） 第 2007 筆'],
  [carePage({ walk: 1, list: 'staff', page: 3, since: null }), 2, '人員（staff）第 3 頁 第 2 筆'],
  [
    carePage({ walk: 1, list: 'institutions', page: 1, since: '2024-08-01T02:00:00+08:00' }),
    4,
    '機構（institutions）第 1 頁 第 4 筆',
  ],
  [PAGE, 5, '學期教職員 第 5 筆'],
  ['064601-名冊.csv', 5, '064601-名冊.csv 第 5 列'],
  ['walk 1, users.csv', 5, 'walk 1, users.csv 第 5 列'],
])('a row of %j, number %i, is told as where people find it: %s', (object, row, text) => {
  expect(placeText(object, row)).toBe(text);
});
