/**
 * A reference of a table that a first load writes a million rows to. As a foreign key it is looked at row by row, which took half of applying; here it is
 * looked at once for all rows of a statement, and a row that others point at cannot go.
 */
export const reference = (table: string, column: string, parent: string, key: string): string => `
      CREATE TRIGGER ${column}_is_there AFTER INSERT ON ${table} REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION warehouse.check_reference('${column}', '${parent}', '${key}');
      CREATE TRIGGER ${column}_is_there_still AFTER UPDATE ON ${table} REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION warehouse.check_reference('${column}', '${parent}', '${key}');
      CREATE TRIGGER ${table.split('.')[1]}_${column}_stays AFTER DELETE ON ${parent} REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION warehouse.check_unreferenced('${key}', '${table}', '${column}');`;
