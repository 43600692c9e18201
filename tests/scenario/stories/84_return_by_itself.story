# What happens to returns by itself: a silent buyer, units that nobody decides on; a reason that grows; what is no photo
as      owner
POST    /api/import/orders  {"number":"700000031","status":"completed","customer_name":"Мария Иванова","grand_total":"15000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"PJ-7","title":"Пижама","qty":15,"unit_price":"1000.00"}]}  200  new=1
GET     /api/search?q=700000031          200
keep    order = orders.0.id
as      support
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=requested
keep    silent = id
as      manager
POST    /api/returns/$silent/act  {"action":"check","version":1}   200  state=checking
POST    /api/returns/$silent/act  {"action":"ask","version":2,"text":"Пришлите фото бирки"}   200  state=info_needed  deadline_at=null
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=approved
keep    shelf = id
POST    /api/returns/$shelf/act  {"action":"receive","version":1}   200  state=received
POST    /api/returns/$shelf/act  {"action":"inspect","version":2,"lines":[{"line":1,"qty":1,"condition":"used"}]}   200  state=inspected
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"size"}   201  state=approved
# What is no picture is none, whatever it is called; nothing of it is kept.
POST    /api/returns/$shelf/photos  text=<script>alert(1)</script>  header.Content-Type=image/jpeg   415
POST    /api/returns/$shelf/photos  text=GIF89a  header.Content-Type=image/png   415
GET     /api/returns/$shelf/photos       200  items.length=0
as      manager
# Three days: somebody must say where the units go. Seven: who does not answer wants nothing back.
clock   +73h
run     jobs
GET     /api/tasks                       200  items[kind=return].title=700000031  items[kind=return].state=open
GET     /api/returns/$silent             200  state=info_needed
clock   +4d
run     jobs
GET     /api/returns/$silent             200  state=cancelled
run     jobs
GET     /api/tasks                       200  items.length=1
POST    /api/returns/$shelf/act  {"action":"dispose","version":5,"lines":[{"line":1,"qty":1,"disposition":"discount"}]}   200  lines.0.disposition=discount
# Ten returns, three for one reason: told to those who can do something about it, with a task, until it is over.
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"not_as_described","text":"не как на фото"}   201
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"not_as_described","text":"не как на фото"}   201
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"not_as_described","text":"не как на фото"}   201
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"defect","text":"шов"}   201
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"late"}   201
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"wrong_item"}   201
clock   +2h
run     jobs
GET     /api/notices                     200  items[object=alarm]=absent
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"incomplete"}   201
clock   +2h
run     jobs
run     jobs
GET     /api/notices                     200  items[object=alarm].entries.0.kind=reason_grows  items[object=alarm].title=Пижама
GET     /api/tasks                       200  "items[title=Пижама: not_as_described].kind=reason"
GET     /api/reports/returns?from=2026-12-01&to=2027-01-31  200  alarms[reason=not_as_described].count=3  alarms[reason=not_as_described].all=10
as      picker
GET     /api/notices                     200  items[object=alarm]=absent
