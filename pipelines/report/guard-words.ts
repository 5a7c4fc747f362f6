import type { Guard } from '../../schemas/guards.ts';

/** What a limit counts, in short. */
export const GUARD_WORDS: Readonly<Record<string, string>> = {
  lost: '離開或未列人數過多',
  leaving: '離職轉校退休人數過多',
  changed: '異動人數過多',
  added: '新增人數過多',
  'accounts-lost': '刪除帳號過多',
  'institutions-added': '新增機構過多',
  'institutions-changed': '異動機構過多',
  'institutions-ended': '停辦機構過多',
} satisfies Record<Guard, string>;
