# Goods that never came and units that are another thing: claims are drafted with what was matched, once each, and sent with it
connect ozon
market  ozon creates {"number":"0147-0001-1","stage":"delivered","handed_at":"2026-12-10T10:00:00Z","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-1","title":"Мяч","qty":1,"price":"1000.00"}]}
market  ozon creates {"number":"0147-0002-1","stage":"delivered","handed_at":"2026-12-10T10:00:00Z","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-2","title":"Кукла","qty":1,"price":"2500.00"}]}
run     jobs
market  ozon asks 0147-0001-1 {"id":"7100","rfbs":true,"reason":"Брак"}
market  ozon asks 0147-0002-1 {"id":"7200","rfbs":true,"reason":"Брак"}
clock   +11m
run     jobs
as      manager
GET     /api/returns                     200  items.length=2
keep    lost = items[external_id=rfbs:7100].id
keep    other = items[external_id=rfbs:7200].id
POST    /api/returns/$lost/act   {"action":"approve","version":1}   200
POST    /api/returns/$other/act  {"action":"approve","version":1}   200
clock   +11m
run     jobs
GET     /api/returns/$lost               200  state=in_transit
keep    v = version
# The parcel is lost on its way: whoever carries it is asked for what it was worth, with when it left us and when it was asked for.
POST    /api/returns/$lost/act   {"action":"lose","version":$v}     200  state=lost  claims.length=1  claims.0.subject=lost  claims.0.side=us_to_channel
        claims.0.amount=1000.00  next=accept
keep    claim = claims.0.id
GET     /api/claims/$claim               200  state=open  found=true  return_id=$lost  evidence.facts.order_number=0147-0001-1  evidence.facts.external_id=rfbs:7100
        evidence.facts.requested_at!=null  evidence.facts.received_at=null  evidence.facts.lines.0.article=KRP-1  evidence.facts.lines.0.qty=1  deadline_at!=null
# The buyer is paid all the same, and the claim goes its own way.
GET     /api/returns/$lost               200
keep    v = version
POST    /api/returns/$lost/act   {"action":"accept","version":$v}   200  state=refunding  refunds.0.amount=1000.00
# Of another parcel the unit is not ours.
GET     /api/returns/$other              200
keep    v = version
POST    /api/returns/$other/act  {"action":"receive","version":$v}   200
GET     /api/returns/$other              200
keep    v = version
POST    /api/returns/$other/act  {"action":"inspect","version":$v,"lines":[{"line":1,"qty":1,"condition":"wrong"}]}   200  claims.length=1  claims.0.subject=swapped
        claims.0.amount=2500.00
keep    swap = claims.0.id
GET     /api/claims/$swap                200  evidence.facts.lines.0.condition=wrong  evidence.facts.received_at!=null
# Both are one filter away, and looking again makes no third.
run     jobs
GET     /api/claims?found=1              200  items.length=2
GET     /api/claims?subject=swapped      200  items.length=1  items.0.id=$swap
GET     /api/claims?subject=lost         200  items.length=1
