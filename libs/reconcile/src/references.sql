-- @name selectHidden
-- @params tables
-- @notNull name
SELECT name FROM unnest($1::text[]) name WHERE row_security_active(name::regclass);

-- @name selectOid
-- @params table
-- @notNull oid
SELECT $1::regclass::oid::text AS oid;

-- @name selectRole
-- @notNull role
SELECT quote_ident(current_user) AS role;
