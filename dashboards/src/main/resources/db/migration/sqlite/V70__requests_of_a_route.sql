-- The newest requests of a route, which may lie beneath millions of others'.
CREATE INDEX request_by_route ON request (route, received_us);
