DROP TABLE mediakeep.api_tokens;
