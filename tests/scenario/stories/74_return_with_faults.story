# Pages told twice, turned round, cut and busy, and a word that nobody knows: one row each, in the right state
connect wb
connect ozon
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z"}
market  wb creates {"id":"90400002","stage":"delivered","rid":"srid0002","closed_at":"2026-12-15T10:00:00Z"}
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z"}
run     jobs
market  wb asks 90400001 {"id":"claim-1","reason":"Брак"}
market  wb asks 90400002 {"id":"claim-2","reason":"Брак"}
market  ozon asks 0147-0001-1 {"id":"7001","reason":"Передумал"}
market  wb breaks {"kind":"duplicate","path_contains":"/api/v1/claims","times":2}
market  ozon breaks {"kind":"duplicate","path_contains":"/v1/returns/list"}
clock   +11m
run     jobs
as      manager
GET     /api/returns                     200  items.length=3
keep    wb = items[channel=wildberries].id
keep    ozon = items[channel=ozon].id
market  wb breaks {"kind":"reorder","path_contains":"/api/v1/claims","times":2}
market  ozon breaks {"kind":"cut","path_contains":"/v1/returns/list"}
clock   +11m
run     jobs
market  wb breaks {"kind":"429","path_contains":"/api/v1/claims","retry_after_s":30}
market  ozon breaks {"kind":"500","path_contains":"/v1/returns/list"}
market  ozon breaks {"kind":"changed_word","field":"ArrivedAtReturnPlace","path_contains":"/v1/returns/list","times":100}
market  ozon sends 0147-0001-1 market_approves
market  ozon sends 0147-0001-1 arrives
clock   +30m
run     jobs
clock   +30m
run     jobs
GET     /api/returns                     200  items.length=3
GET     /api/returns/$ozon               200  state=requested  external_state=ArrivedAtReturnPlace_v2  problem~ArrivedAtReturnPlace_v2
as      owner
GET     /api/parked                      200  items.length=1  items.0.code=channel.status  items.0.external_id=7001  items.0.stream=returns
market  heals
clock   +26h
run     jobs
as      manager
GET     /api/returns/$ozon               200  state=in_transit  external_state=ArrivedAtReturnPlace  problem=""
GET     /api/accounts                    200  items.0.state=active  items.1.state=active
