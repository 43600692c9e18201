# Ozon: a part of the price is given back and the goods stay; the buyer may turn it down; where a market knows no parts, nobody offers one
connect ozon
connect wb
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-1","title":"Мяч","qty":1,"price":"1000.00"}]}
market  ozon creates {"number":"0147-0002-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-1","title":"Мяч","qty":1,"price":"1000.00"}]}
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z"}
run     jobs
market  ozon asks 0147-0001-1 {"id":"7100","rfbs":true,"reason":"Брак"}
market  ozon asks 0147-0002-1 {"id":"7200","rfbs":true,"reason":"Брак"}
market  wb asks 90400001 {"id":"claim-1","reason":"Брак"}
clock   +11m
run     jobs
as      manager
GET     /api/returns                     200  items.length=3
keep    a = items[external_id=rfbs:7100].id
keep    b = items[external_id=rfbs:7200].id
keep    w = items[external_id=claim-1].id
# A part is less than the whole and more than nothing, and the whole has a step of its own.
POST    /api/returns/$a/act {"action":"keep_part","version":1}                       422
POST    /api/returns/$a/act {"action":"keep_part","version":1,"amount":"1000.00"}    422
POST    /api/returns/$a/act {"action":"keep_part","version":1,"amount":"0.00"}       422
POST    /api/returns/$a/act {"action":"keep","version":1,"amount":"300.00"}          422
GET     /api/returns/$w                  200  actions[action=keep].allowed=true  actions[action=keep_part].allowed=false
POST    /api/returns/$w/act {"action":"keep_part","version":1,"amount":"10.00"}      409  body~"whole sum"
POST    /api/returns/$a/act {"action":"keep_part","version":1,"amount":"300.50","text":"Оставьте мяч себе"}  200  state=refunding  route=keep  refund_amount=300.50
        command.op=return_part  command.state=held  refunds.0.amount=300.50  refunds.0.state=proposed  undo!=null
keep    undo = undo
# Taken back in time, nobody has heard of it.
POST    /api/returns/undo {"token":"$undo"}   200
GET     /api/returns/$a                  200  state=requested  route=to_seller  refund_amount=1000.00
keep    v = version
# Who has seen another version is told what is there now.
POST    /api/returns/$a/act {"action":"approve","version":1}   412  current.state=requested  current.version=$v  current.refund_amount=1000.00
POST    /api/returns/$a/act {"action":"keep_part","version":$v,"amount":"300.50","text":"Оставьте мяч себе"}  200  refund_amount=300.50
POST    /api/returns/$b/act {"action":"keep_part","version":1,"amount":"400.00"}     200
clock   +5s
run     jobs
market  ozon got rfbs_compensate 0147-0001-1 times 1
market  ozon got rfbs_compensate 0147-0002-1 times 1
# The market goes on telling the whole price; what was offered stays the sum. One buyer agrees, the other does not.
clock   +11m
run     jobs
GET     /api/returns/$a                  200  state=refunding  refund_amount=300.50  external_state=OfferedPartialCompensation
market  ozon sends 0147-0001-1 buyer_agrees
market  ozon sends 0147-0002-1 buyer_declines
clock   +11m
run     jobs
GET     /api/returns/$a                  200  state=refunded  refund_amount=300.50  refunds[state=approved].amount=300.50  refunds[state=approved].by_market=true
GET     /api/returns/$b                  200  state=checking  route=to_seller  refund_amount=1000.00  refunds.0.state=cancelled  next=approve  deadline_at!=null
        body~offer_declined
keep    v = version
POST    /api/returns/$b/act {"action":"reject","version":$v,"text":"Брака нет"}       200  state=rejected
clock   +5s
run     jobs
market  ozon got rfbs_reject 0147-0002-1 times 1
# The goods stay with the buyer: the order stays as it was.
GET     /api/returns/$a                  200  order.status=completed
# What goes back stands in the ledger for whoever keeps the books, and for nobody else; what was only offered does not.
GET     /api/returns/$a                  200  postings.length=0
GET     /api/postings                    403
as      accountant
GET     /api/postings                    200  items.length=1  items.0.debit=returns  items.0.credit=receivable_marketplace  items.0.amount=300.50  items.0.currency=KZT
        items.0.part=goods  items.0.turn=1  items.0.date=2026-12-16  items.0.return_id=$a  next=null  statements<=2
keep    doc = items.0.doc_id
GET     /api/returns/$a                  200  postings.0.doc_id=$doc  postings.0.amount=300.50
GET     /api/postings?from=2026-12-17T00:00:00Z   200  items.length=0
GET     /api/postings?from=yesterday     400
GET     /api/postings?after=1.2          400
