/** What the feed's contract demands of a page, as JSON Schema: written apart from `schemas/care-system.ts`. */
const text = { type: 'string' } as const;
const maybe = { type: ['string', 'null'] } as const;
const moment = { type: 'string', format: 'date-time' } as const;
const review = { enum: ['核定', '異動待審', '退件'] } as const;

const object = (required: string[], properties: object): object => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});

const page = (items: object): object =>
  object(['asOf', 'total', 'items', 'nextCursor'], {
    asOf: moment,
    total: { type: 'integer' },
    items: { type: 'array', items },
    nextCursor: maybe,
  });

export const INSTITUTION_PAGE = page(
  object(['sid', 'name', 'ownership', 'town', 'reviewStatus', 'updatedAt'], {
    sid: { type: 'string', pattern: '^09\\d{8}(-\\d\\d)?$' },
    name: text,
    ownership: { enum: ['公立', '私立', '非營利'] },
    legalClass: { enum: ['直轄市立', '鄉鎮市立', '直轄市山地原住民區立', '公立學校附設', '私立', null] },
    parentSchoolCode: maybe,
    quasiPublic: { type: 'boolean' },
    town: text,
    address: maybe,
    telephone: maybe,
    principal: maybe,
    approvedCapacity: { type: ['integer', 'null'] },
    status: { enum: ['營業中', '停辦'] },
    reviewStatus: review,
    updatedAt: moment,
  }),
);

export const STAFF_PAGE = page(
  object(['staffId', 'institutionSid', 'name', 'title', 'reviewStatus', 'updatedAt'], {
    staffId: text,
    institutionSid: text,
    nationalId: maybe,
    name: text,
    sex: { enum: ['男', '女', null] },
    birthDate: { type: ['string', 'null'], pattern: '^(\\d{2,3}/\\d\\d/\\d\\d|\\d{7})$' },
    title: text,
    certificateNo: maybe,
    hiredOn: maybe,
    leftOn: maybe,
    leaveReason: { enum: ['離職', '轉園', '退休', null] },
    email: maybe,
    mobile: maybe,
    reviewStatus: review,
    changeType: { enum: ['新進', '離職', '異動', null] },
    updatedAt: moment,
  }),
);
