# A return is registered in two clicks, checked by units, and paid back by two persons above the limit
as      owner
POST    /api/import/orders  {"number":"700000001","status":"completed","customer_name":"Мария Иванова","customer_phone":"+77771234567","grand_total":"3889.99","delivery_total":"990.00","discount_total":"100.01","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"BNT-8801","title":"Подушка","qty":3,"unit_price":"1000.00"}]}  200  new=1
GET     /api/returns/rules               200  active=false  refund_limit=50000.00  version=1
PUT     /api/returns/rules  {"refund_limit":"1000.00"}   422
PUT     /api/returns/rules  {"version":1,"refund_limit":"1000.00","colour":"red","share_bp":10001}   422
PUT     /api/returns/rules  {"version":1,"refund_limit":"1000.00"}   200  refund_limit=1000.00  version=2  lost_days=30
PUT     /api/returns/rules  {"version":1,"active":true}   412  current.version=2
as      manager
PUT     /api/returns/rules  {"version":2,"active":true}   403
GET     /api/search?q=700000001            200  orders.length=1
keep    order = orders.0.id
GET     /api/orders/$order/returnable    200  allowed=true  market_pays=false  lines.0.bought=3  lines.0.left=3  lines.0.paid=2899.99
        lines.0.refund_unit=966.67  lines.0.refund_all=2899.99  window.source~Kazakhstan  known_reason=null  cost.refund=2899.99  reasons.length=11
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":4}],"reason":"size"}   422
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":2}],"reason":"tired"}  422
POST    /api/returns  {"order_id":"$order","lines":[],"reason":"size"}   422
POST    /api/returns  key=ret-1  {"order_id":"$order","lines":[{"line":1,"qty":2}],"reason":"size","text":"мало"}   201  state=approved
        refund_amount=1933.33  reason_group=size  buyer_text=мало  undo!=null  history.length=2
keep    return = id
POST    /api/returns  key=ret-1  {"order_id":"$order","lines":[{"line":1,"qty":2}],"reason":"size","text":"мало"}   201  id=$return
GET     /api/orders/$order/returnable    200  lines.0.returned=2  lines.0.left=1  lines.0.refund_unit=966.66  known_reason.reason=size
GET     /api/returns?order_id=$order     200  items.length=1
# The second click of somebody else comes too late.
as      support
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":2}],"reason":"size"}   422
POST    /api/returns/$return/act  {"action":"receive","version":1}   403
as      picker
POST    /api/returns/$return/act  {"action":"receive","version":1}   200  state=received  customer_name=  refund_amount=null
POST    /api/returns/$return/act  {"action":"inspect","version":2,"lines":[{"line":1,"qty":1,"condition":"unopened","amount":"1.00"}]}   403
POST    /api/returns/$return/act  {"action":"inspect","version":2,"lines":[{"line":1,"qty":3,"condition":"unopened"}]}   422
POST    /api/returns/$return/act  {"action":"inspect","version":2,"lines":[{"line":1,"qty":2,"condition":"unopened","disposition":"resell"}]}   200
        state=inspected  lines.0.disposition=resell  lines.0.condition=unopened
as      manager
POST    /api/returns/$return/act  {"action":"reject","version":3}   422
POST    /api/returns/$return/act  {"action":"accept","version":3}   200  state=refunding  refunds.0.state=proposed  refunds.0.amount=1933.33
        refunds.0.needs_second=true  refunds.0.mine=true
POST    /api/returns/$return/act  {"action":"refund","version":4}   409
as      accountant
POST    /api/returns/$return/act  {"action":"accept","version":4}   403
POST    /api/returns/$return/act  {"action":"refund","version":4}   200  state=refunded  refunds.0.state=approved
as      manager
POST    /api/returns/$return/act  {"action":"close","version":5}   200  state=closed
# What was taken in the hold window can be put back, once and in time.
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"changed_mind","resolution":"keep"}   201  state=refunding  route=keep
keep    kept = id
keep    token = undo
POST    /api/returns/undo  {"token":"$token"}   200  undone.length=1
GET     /api/returns/$kept               200  state=cancelled  refunds.0.state=cancelled  undo=null
POST    /api/returns/undo  {"token":"$token"}   409
# The rest of the line is there again; what the support proposes waits, until the rule is on.
as      support
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"changed_mind"}   201  state=requested  rule=null
keep    asked = id
as      manager
POST    /api/returns/$asked/act  {"action":"reject","version":1,"text":"вскрыт"}   200  state=rejected  decision_text=вскрыт
as      owner
PUT     /api/returns/rules  {"version":2,"active":true,"price_limit":"966.66"}   200  active=true
as      support
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"changed_mind"}   201  state=approved  rule=auto_approve
        rule_inputs.group=changed_mind  rule_inputs.unit_price=966.66  rule_inputs.approved=true
GET     /api/returns?rule=1              200  items.length=1
