# A calendar that never opens gives no deadline of ours and stops nothing; rules and calendars may change while clocks run
connect kaspi
as      owner
POST    /api/calendars  {"name":"Закрыто","zone":"Asia/Almaty","days":[[],[],[],[],[],[],[]]}  201
keep    shut = id
keep    seen = version
POST    /api/calendars  {"name":"Наоборот","zone":"Asia/Nowhere","days":[[["18:00","09:00"]],[],[],[],[],[],[]]}  422
POST    /api/deadlines/try  {"at":"2026-12-16T04:04:00Z","rule":{"step":"confirm","channel":"kaspi","minutes":45,"clock":"working","calendar_id":"$shut"}}  200  due_at=null
POST    /api/policies  {"name":"Никогда","channel":"kaspi","step":"confirm","minutes":45,"clock":"working","calendar_id":"$shut"}  201
keep    never = id
market  kaspi creates {"number":"438000001"}
run     jobs
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
# The other rule stands: a day.
GET     /api/orders/$order               200  deadline_at=2026-12-17T04:04:00Z
clock   +3m
run     jobs
# It opens after all: the clock that has been running counts from where it began.
listen
PUT     /api/calendars/$shut  if=$seen  {"name":"Закрыто","zone":"Asia/Almaty","days":[[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[["09:00","13:00"],["14:00","18:00"]],[],[]]}  200
hears   order id=$order kind=zone
GET     /api/orders/$order               200  deadline_at=2026-12-16T04:49:00Z  deadlines.0.explain.policy=Никогда
# A return under way takes the new rule from where its step began, and the law again when the rule is gone.
POST    /api/import/orders  {"number":"700000041","status":"completed","customer_name":"Мария Иванова","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"A-1","title":"Мяч","qty":1,"unit_price":"1000.00"}]}  200  new=1
GET     /api/search?q=700000041          200
keep    sold = orders.0.id
as      support
POST    /api/returns  {"order_id":"$sold","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=requested
keep    return = id
as      owner
GET     /api/returns/$return             200
keep    law = deadline_at
listen
POST    /api/policies  {"name":"Решить за час","step":"decide_return","minutes":60,"clock":"wall"}  201
keep    quick = id
keep    seen = version
hears   return id=$return kind=zone zone=green
GET     /api/returns/$return             200  deadline.explain.policy~час  deadline_at!=$law
DELETE  /api/policies/$quick  if=$seen   204
hears   return id=$return kind=zone
GET     /api/returns/$return             200  deadline_at=$law
