# Many returns are decided, received and given to a person in one call each; what cannot be done is named first
as      owner
POST    /api/import/orders  {"number":"700000021","status":"completed","customer_name":"Мария Иванова","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"A-1","title":"Мяч","qty":1,"unit_price":"1000.00"}]}  200  new=1
POST    /api/import/orders  {"number":"700000022","status":"completed","customer_name":"Антон Ли","grand_total":"2000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"A-2","title":"Кубики","qty":1,"unit_price":"2000.00"}]}  200  new=1
POST    /api/import/orders  {"number":"700000023","status":"completed","customer_name":"Инна Цой","grand_total":"3000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"A-3","title":"Шапка","qty":1,"unit_price":"3000.00"}]}  200  new=1
as      support
GET     /api/search?q=700000021            200
keep    o1 = orders.0.id
GET     /api/search?q=700000022            200
keep    o2 = orders.0.id
GET     /api/search?q=700000023            200
keep    o3 = orders.0.id
POST    /api/returns  {"order_id":"$o1","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=requested
keep    a = id
POST    /api/returns  {"order_id":"$o2","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=requested
keep    b = id
POST    /api/returns  {"order_id":"$o3","lines":[{"line":1,"qty":1}],"reason":"size","resolution":"exchange"}   201  state=requested
keep    c = id
POST    /api/returns/bulk  {"action":"approve","ids":["$a"]}   403
as      manager
POST    /api/returns/bulk  {"action":"refund","ids":["$a"]}    422
POST    /api/returns/bulk  {"action":"approve","dry_run":true,"ids":["$a","$b","$c","999"]}   200  total=4  done.length=2  refused.length=2
        refused.0.text~exchange  sum=3000.00  undo=null  statements<=3
GET     /api/returns/$a                    200  state=requested  version=1
POST    /api/returns/bulk  key=bulk-1  {"action":"approve","query":"stage=request","except":["$c"]}   200  done.length=2  refused.length=0  undo!=null
keep    token = undo
POST    /api/returns/bulk  key=bulk-1  {"action":"approve","query":"stage=request","except":["$c"]}   200  done.length=2  undo=$token
GET     /api/returns/$a                    200  state=approved  version=2
# One token takes all of it back, by a colleague who may decide too.
as      owner
POST    /api/returns/undo  {"token":"$token"}   200  undone.length=2
GET     /api/returns/$b                    200  state=requested
as      manager
POST    /api/returns/bulk  {"action":"reject","ids":["$b"]}   422
POST    /api/returns/bulk  {"action":"reject","ids":["$b","$b"],"text":"Вскрыта упаковка"}   200  total=1  done.length=1
GET     /api/returns/$b                    200  state=rejected  "decision_text=Вскрыта упаковка"
POST    /api/returns/bulk  {"action":"approve","ids":["$a","$b"]}   200  done.length=1  refused.0.code=order.action_refused
as      picker
POST    /api/returns/bulk  {"action":"close","ids":["$a"]}    403
POST    /api/returns/bulk  {"action":"receive","ids":["$a","$c"]}   200  done.length=1  refused.length=1  sum=null
# A person has it, it is among his own, and a stranger cannot have it.
as      manager
GET     /api/session                       200
keep    me = user.id
POST    /api/returns/bulk  {"action":"assign","ids":["$a","$c"],"assignee_id":"$me"}   200  done.length=2
GET     /api/returns?assignee_id=me        200  items.length=2
POST    /api/returns/$c/assign  {"assignee_id":null}     200  assignee_id=null
GET     /api/returns?assignee_id=me        200  items.length=1  items.0.id=$a
POST    /api/returns/$c/assign  {"assignee_id":"999"}    422
POST    /api/returns/999/assign  {"assignee_id":"$me"}   404
as      support
POST    /api/returns/$c/assign  {"assignee_id":"$me"}    403
