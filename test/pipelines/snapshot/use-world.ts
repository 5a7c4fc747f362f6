import { beforeEach } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { World } from './world.ts';

export interface Stage {
  world: World;
  /** 臺中國小, with one teacher and one 總負責人. */
  school: number;
}

/** A city of one school and one teacher, in a database of its own for every test. */
export function useWorld(): Stage {
  const stage = {} as Stage;
  beforeEach(async () => {
    const database = await createTestDatabase();
    const world = new World(database.url);
    stage.world = world;
    stage.school = await world.institution({ code: '064601', name: '臺中國小' });
    await world.assign(await world.person('王小明', 'A123456789'), stage.school);
    await world.account(stage.school, 'lead01');
    return async () => {
      await world.close();
      await database.drop();
    };
  });
  return stage;
}
