/** The pages around what is shown: one layout, templates of `pages/`, no script anywhere. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eta } from 'eta';
import { barChart } from '../pipelines/report/bar-chart.ts';
import * as digest from '../pipelines/report/digest.ts';
import * as labels from '../pipelines/report/labels.ts';
import { sourceCounts } from '../pipelines/report/render-runs.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { Config } from '../schemas/config.ts';

const HERE = import.meta.dirname;
const WORDS = { ...digest, ...labels, barChart, sourceCounts };

export type Place = 'home' | 'runs' | 'institutions' | 'snapshots' | null;

export interface Site {
  page(name: string, title: string, place: Place, data: Record<string, unknown>): string;
  asset(name: 'site.css' | 'favicon.svg'): string;
}

/** @param contacts shown where something failed (R31): those of the newest campaign */
export function makeSite(config: Config, campaigns: readonly Campaign[]): Site {
  const eta = new Eta({ views: path.join(HERE, 'pages'), autoEscape: true, cache: true });
  const contacts = campaigns.at(-1)?.contacts ?? null;
  const around = { city: config.city, simulation: config.simulation, contacts, t: WORDS };
  return {
    page: (name, title, place, data) =>
      eta.render('./layout', { ...around, title, place, body: eta.render(`./${name}`, { ...around, ...data }) }),
    asset: (name) => readFileSync(path.join(HERE, 'assets', name), 'utf8'),
  };
}
