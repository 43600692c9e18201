# Approving, refusing and leaving the goods to the buyer go out to Wildberries after the hold window, once each
connect wb
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
market  wb creates {"id":"90400002","stage":"delivered","rid":"srid0002","closed_at":"2026-12-15T10:00:00Z"}
market  wb creates {"id":"90400003","stage":"delivered","rid":"srid0003","closed_at":"2026-12-15T10:00:00Z"}
market  wb creates {"id":"90400004","stage":"delivered","rid":"srid0004","closed_at":"2026-12-15T10:00:00Z"}
run     jobs
market  wb asks 90400001 {"id":"claim-1","reason":"Брак"}
market  wb asks 90400002 {"id":"claim-2","reason":"Брак"}
market  wb asks 90400003 {"id":"claim-3","reason":"Брак"}
market  wb asks 90400004 {"id":"claim-4","reason":"Брак"}
clock   +6m
run     jobs
as      manager
GET     /api/returns                     200  items.length=4
keep    a = items[external_id=claim-1].id
keep    b = items[external_id=claim-2].id
keep    c = items[external_id=claim-3].id
keep    d = items[external_id=claim-4].id
POST    /api/returns/$a/act {"action":"approve","version":1}  200  state=approved  command.op=return_approve  command.state=held
POST    /api/returns/$b/act {"action":"reject","version":1}   422
POST    /api/returns/$b/act {"action":"reject","version":1,"text":"Следы носки, такой товар не принимаем"}  200  state=rejected
POST    /api/returns/$c/act {"action":"keep","version":1}     200  state=refunding
# Two people decide: the second hears that somebody was faster.
POST    /api/returns/$b/act {"action":"approve","version":1}  412
run     jobs
market  wb got nothing
market  wb breaks {"kind":"cut","after_effect":true,"path_contains":"/api/v1/claim","times":3}
clock   +5s
run     jobs
clock   +1m
run     jobs
clock   +5m
run     jobs
market  wb got claim_approve 90400001 times 1
market  wb got claim_reject 90400002 times 1
market  wb got claim_keep 90400003 times 1
GET     /api/returns/$a                  200  command.state=done
GET     /api/returns/$b                  200  command.state=done  state=rejected
GET     /api/returns/$c                  200  command.state=done
# A refusal needs words that the market takes.
POST    /api/returns/$d/act {"action":"reject","version":1,"text":"нет"}   200  state=rejected
clock   +5s
run     jobs
GET     /api/returns/$d                  200  state=requested  command.state=refused  history.2.note~refused
GET     /api/outbox                      200  items.length=1  items.0.op=return_reject
# Goods travel back, the return ends, the order is returned.
market  wb sends 90400001 moves
market  wb sends 90400001 received
clock   +61m
run     jobs
GET     /api/returns/$a                  200  state=received
keep    v = version
POST    /api/returns/$a/act {"action":"inspect","version":$v}  200  state=inspected
market  wb got claim_approve 90400001 times 1
