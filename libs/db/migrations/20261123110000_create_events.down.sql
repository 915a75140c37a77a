DROP TABLE mediakeep.event_log;
DROP TABLE mediakeep.events;
