# The market or the buyer decides before our answer is there: theirs holds, ours ends, and the history says so
connect wb
connect ozon
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z"}
market  wb creates {"id":"90400002","stage":"delivered","rid":"srid0002","closed_at":"2026-12-15T10:00:00Z"}
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z"}
run     jobs
market  wb asks 90400001 {"id":"claim-1","reason":"Брак"}
market  wb asks 90400002 {"id":"claim-2","reason":"Брак"}
market  ozon asks 0147-0001-1 {"id":"7100","rfbs":true,"reason":"Брак"}
clock   +11m
run     jobs
as      manager
GET     /api/returns                     200  items.length=3
keep    a = items[external_id=claim-1].id
keep    b = items[external_id=claim-2].id
keep    o = items[external_id=rfbs:7100].id
# The read before the answer sees it.
market  wb sends 90400001 market_rejects
POST    /api/returns/$a/act {"action":"approve","version":1}  200  state=approved
clock   +5s
run     jobs
market  wb got claim_approve 90400001 times 0
GET     /api/returns/$a                  200  state=requested  command.state=refused  command.text~refused
clock   +6m
run     jobs
GET     /api/returns/$a                  200  state=rejected  external_state=1/1
# The list tells it while our answer cannot leave.
market  wb breaks {"kind":"500","path_contains":"/api/v1/claims","times":2}
market  ozon breaks {"kind":"500","path_contains":"/rfbs/get","times":3}
POST    /api/returns/$o/act {"action":"approve","version":1}  200  state=approved
clock   +5s
run     jobs
market  ozon sends 0147-0001-1 buyer_withdraws
clock   +20m
run     jobs
market  ozon got rfbs_approve 0147-0001-1 times 0
GET     /api/returns/$o                  200  state=cancelled
