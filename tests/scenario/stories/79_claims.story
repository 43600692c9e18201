# A claim is found by matching, finished by the support, sent, answered and settled; another begins by hand
as      owner
POST    /api/import/orders  {"number":"700000009","status":"completed","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"3000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"BNT-8801","title":"Подушка","qty":3,"unit_price":"1000.00"}]}  200  new=1
as      manager
GET     /api/search?q=700000009            200  orders.length=1
keep    order = orders.0.id
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":2}],"reason":"size"}   201  state=approved
keep    return = id
POST    /api/returns/$return/act  {"action":"receive","version":1}   200
POST    /api/returns/$return/act  {"action":"inspect","version":2,"lines":[{"line":1,"qty":1,"condition":"missing"},{"line":1,"qty":1,"condition":"unopened"}]}   200  claims.length=1
# One filter away is what matching has made.
GET     /api/claims?found=1&state=open   200  items.length=1  items.0.subject=missing  items.0.found=true  items.0.amount=1000.00  items.0.zone=green  statements<=1
keep    claim = items.0.id
keep    account = items.0.account_id
GET     /api/claims/counts               200  total=1  ours=1  found=1  sum=1000.00  currency=KZT
GET     /api/claims/$claim               200  evidence.facts.lines.length=1  actions.length=2  undo_until=null  history.0.note=draft
# The picker sees neither sums nor names and changes nothing; the accountant sees.
as      picker
GET     /api/claims                      200  items.0.amount=null  items.0.customer_name=
POST    /api/claims/$claim/act  {"action":"gather","version":1}   403
as      accountant
GET     /api/claims                      200  items.0.amount=1000.00
POST    /api/claims/$claim/act  {"action":"gather","version":1}   403
as      support
POST    /api/claims/$claim/act  {"action":"win","version":1}      409
POST    /api/claims/$claim/act  {"action":"gather","version":1}   200  state=evidence  undo_until!=null
POST    /api/claims/$claim/evidence  {"version":2,"text":"В коробке одна вещь","amount":"900.00"}   403
POST    /api/claims/$claim/evidence  {"version":2,"text":"В коробке одна вещь"}   200  evidence.text~одна
POST    /api/claims/$claim/act  {"action":"submit","version":3}   200  state=submitted
POST    /api/claims/$claim/undo  {"version":3}    412  current.state!=null  current.history.length>=1
POST    /api/claims/$claim/undo  {"version":4}    200  state=evidence  undo_until=null
POST    /api/claims/$claim/undo  {"version":5}    409
POST    /api/claims/$claim/act  {"action":"submit","version":5}   200  state=submitted
clock   +1m
POST    /api/claims/$claim/undo  {"version":6}    409
POST    /api/claims/$claim/act  {"action":"review","version":6}   200  state=in_review  deadline_at=null
POST    /api/claims/$claim/evidence  {"version":7,"text":"Поздно"}   409
as      manager
POST    /api/claims/$claim/act  {"action":"part","version":7}     422
POST    /api/claims/$claim/act  {"action":"part","version":7,"money":"500.00","text":"Половина"}   200  state=partly_won  money_effect=500.00
POST    /api/claims/$claim/act  {"action":"settle","version":8}   200  state=settled  actions.length=0
GET     /api/claims                      200  items.length=0
GET     /api/claims?closed=1             200  items.length=1
# By hand: of the order, of the account alone with words, and not twice about the same of a return.
POST    /api/claims  {"side":"buyer_to_us","subject":"lost","order_id":"$order"}   422
POST    /api/claims  {"side":"us_to_carrier","subject":"lost"}   422
POST    /api/claims  {"side":"us_to_carrier","subject":"lost","account_id":"$account"}   422
POST    /api/claims  {"side":"us_to_carrier","subject":"bent","order_id":"$order"}   422
POST    /api/claims  key=claim-1  {"side":"us_to_carrier","subject":"damaged","order_id":"$order","amount":"700.00","text":"Коробка смята"}   201
        state=open  amount=700.00  found=false  deadline_at!=null  history.0.note=by_hand
keep    made = id
POST    /api/claims  key=claim-1  {"side":"us_to_carrier","subject":"damaged","order_id":"$order","amount":"700.00","text":"Коробка смята"}   201  id=$made
POST    /api/claims  {"side":"us_to_channel","subject":"missing","return_id":"$return"}   409
POST    /api/claims  {"side":"us_to_channel","subject":"underpaid","account_id":"$account","text":"Отчёт 17, строка 3"}   201  order_id=null
GET     /api/claims?subject=damaged      200  items.length=1
# By its own clock, then the largest sum: a day that people set is taken, what has no clock stands last, and what waits for others.
POST    /api/claims  {"side":"us_to_carrier","subject":"other","order_id":"$order","amount":"9.00","text":"Раньше всех","deadline_at":"2026-12-16T05:00:00Z"}   201
        answer_by=2026-12-16T05:00:00Z  deadline_at=2026-12-16T05:00:00Z
POST    /api/claims  {"side":"us_to_carrier","subject":"other","order_id":"$order","amount":"800.00","text":"Столько же, но больше","deadline_at":"2026-12-16T05:00:00Z"}   201
GET     /api/claims                      200  items.0.amount=800.00  items.1.amount=9.00  items.2.subject=damaged  statements<=1
GET     /api/claims?limit=1              200  items.0.amount=800.00  next!=null
keep    next = next
GET     /api/claims?limit=1&after=$next  200  items.0.amount=9.00
clock   +50m
run     jobs
GET     /api/claims?zone=red             200  items.length=2  items.0.zone=red
GET     /api/claims?zone=breached        200  items.length=0
clock   +2h
run     jobs
GET     /api/claims?zone=breached,red    200  items.length=2  items.0.zone=breached
GET     /api/claims?zone=purple          400
GET     /api/claims?state=nothing        400
as      support
POST    /api/claims  {"side":"us_to_carrier","subject":"lost","order_id":"$order","amount":"5.00"}   403
POST    /api/claims  {"side":"us_to_carrier","subject":"lost","order_id":"$order"}   201  amount=null
as      marketer
GET     /api/claims                      403
