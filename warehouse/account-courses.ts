/**
 * SQL: codes of the courses of an account record that are not 名單確認通過, null where there is none (R21). A course that the list no longer shows blocks as
 * well, since nothing says that it came through.
 */
export const blockingCourses = (r: string): string => `(
  SELECT array_agg(c.course_code ORDER BY c.course_code COLLATE "C") FROM landing.course_record c
  WHERE c.account_key = ${r}.key AND c.institution_code = ${r}.institution_code AND c.state <> '名單確認通過')`;
