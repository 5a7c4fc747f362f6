const DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Taipei' });

/** The day that a moment is on in Taipei, ISO. @param moment ISO with an offset */
export const taipeiDay = (moment: string): string => DAY.format(new Date(moment));
