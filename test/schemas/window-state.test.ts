/** R27, R29: when a plan is open, on both sides of each line; R24: what is too late for the cut-off. */
import { describe, expect, it } from 'vitest';
import { campaignState, isPastCutOff, windowState } from '../../schemas/window-state.ts';
import { campaign113 } from '../rules/story.ts';

const campaign = campaign113();
const at = (moment: string): string => `${moment}+08:00`;

describe('windowState', () => {
  it.each([
    ['school-plan', '2024-08-04T23:59:59', 'before'],
    ['school-plan', '2024-08-05T00:00:00', 'open'],
    ['school-plan', '2024-08-14T16:59:59', 'open'],
    ['school-plan', '2024-08-14T17:00:00', 'open'],
    ['school-plan', '2024-08-14T17:00:00.999', 'open'],
    ['school-plan', '2024-08-14T17:00:01', 'after'],
    ['teacher-plan', '2024-08-06T12:00:00', 'before'],
    ['teacher-plan', '2024-09-17T23:59:59.999', 'before'],
    ['teacher-plan', '2024-09-18T00:00:00', 'open'],
    ['teacher-plan', '2024-09-24T17:00:00', 'open'],
    ['teacher-plan', '2024-09-24T17:00:01', 'after'],
  ] as const)('%s at %s is %s', (kind, moment, state) => {
    expect(windowState(campaign, kind, at(moment))).toBe(state);
  });

  it('asks for the moment, not for how it is written', () => {
    expect(windowState(campaign, 'school-plan', '2024-08-04T16:00:00Z')).toBe('open');
    expect(windowState(campaign, 'school-plan', '2024-08-04T15:59:59Z')).toBe('before');
  });
});

it('R24: 16:59:59 is before the cut-off, 17:00:00 is past it', () => {
  expect(isPastCutOff(campaign, at('2024-08-02T16:59:59.999'))).toBe(false);
  expect(isPastCutOff(campaign, at('2024-08-02T17:00:00'))).toBe(true);
});

it.each([
  ['2024-08-02T16:59:59', 'before-cut-off'],
  ['2024-08-02T17:00:00', 'between'],
  ['2024-08-05T00:00:00', 'open'],
  ['2024-08-14T17:00:01', 'between'],
  ['2024-09-24T17:00:00', 'open'],
  ['2024-09-24T17:00:01', 'closed'],
])('the campaign at %s is %s', (moment, state) => {
  expect(campaignState(campaign, at(moment))).toBe(state);
});
