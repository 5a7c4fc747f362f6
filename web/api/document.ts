import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** The head of the OpenAPI document; the rest is made of the routes and their schemas. */
export const DOCUMENT: NonNullable<FastifyDynamicSwaggerOptions['openapi']> = {
  openapi: '3.1.0',
  info: {
    title: 'Mingce 名冊 snapshot API',
    version: '1.0.0',
    description:
      'Frozen rosters for the planning systems (學校本位進修規劃, 教師自我進修規劃). Moments carry their offset (Asia/Taipei). ' +
      'Every problem is RFC 9457, in Traditional Chinese and English, with whom to ask.',
  },
  components: {
    securitySchemes: {
      token: { type: 'http', scheme: 'bearer', description: 'as "mingce tokens add" shows it; never in an address' },
    },
  },
  security: [{ token: [] }],
};
