# The pipeline shows open orders by status, says which moves there are and agrees with the lists
connect kaspi
connect ozon
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
market  ozon creates {"number":"0147-0001-1"}
run     jobs
as      manager
GET     /api/board                            200  columns.length=8  columns.0.status=new  columns.0.count=3  columns.0.items.length=3
        columns.1.count=0  columns.0.limit=null  statements<=12
GET     /api/board?channel=kaspi              200  columns.0.count=2
GET     /api/board?status=confirmed           200  columns.0.count=0
GET     /api/board?after=1.1.1                400
GET     /api/board                            200  moves[from=new].to=confirmed  moves[from=new].action=confirm  moves[from=new].task=begins
        moves[from=new].tells.0=kaspi  moves[from=new].tells.length=1  moves[from=in_delivery].why=back
keep    sum = columns.0.sums.0.sum
keep    order = columns.0.items.0.id
GET     /api/queue/counts?status=new          200  total.count=3  total.sum=$sum
POST    /api/orders/$order/confirm            200  order.status=confirmed
GET     /api/board                            200  columns.0.count=2  columns.1.count=1  columns.1.items.0.id=$order
GET     /api/board/times                      200  orders=3  statements<=3
PUT     /api/board/limits  {"new":2}          403
as      picker
GET     /api/board                            200  moves[from=new].why=right  moves[from=new].action=null  columns.0.count=0  columns.1.sums.0.sum=null
as      owner
PUT     /api/board/limits  {"new":2,"assembling":40}   204
PUT     /api/board/limits  {"cancelled":2}    422
PUT     /api/board/limits  {"new":0}          422
GET     /api/board                            200  columns.0.limit=2  columns.1.limit=null
GET     /api/audit                            200  items.0.action=board.limits
as      nobody
GET     /api/board                            401
