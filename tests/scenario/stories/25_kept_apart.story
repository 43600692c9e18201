# A morning of 129 orders of three markets is in one queue, each once, most urgent first
scene   karapuz
connect kaspi
connect wb
connect ozon
run     jobs
clock   +1m
run     jobs
as      manager
GET     /api/queue?status=new&limit=200  200  items.length=129  next=null  statements<=6
GET     /api/queue/counts?status=new     200  total.count=129  total.sum=1842600.00  statements<=6
GET     /api/queue/counts?status=new&channel=kaspi        200  total.count=67
GET     /api/queue/counts?status=new&channel=wildberries  200  total.count=34
GET     /api/queue/counts?status=new&channel=ozon         200  total.count=28
POST    /api/bulk  {"action":"confirm","query":"status=new"}  200  done.length=129  refused.length=0
clock   +6s
run     jobs
clock   +2m
run     jobs
clock   +2m
run     jobs
market  kaspi got accept "" times 67
market  wb got confirm "" times 34
GET     /api/outbox?state=queued,held,sending,dead,refused  200  items.length=0
GET     /api/queue/counts?status=new     200  total.count=0
