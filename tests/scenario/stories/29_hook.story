# A notification of the market is a hint to look; strangers and nonsense learn nothing
connect ozon
run     jobs
market  ozon creates {"number":"0147-0001-1"}
as      owner
POST    /api/accounts/$ozon/hook         200
keep    hook = hook_path
as      nobody
POST    $hook  {"message_type":"TYPE_PING","time":"2026-12-16T04:04:00Z"}  200
POST    $hook  {"message_type":"TYPE_NEW_POSTING","posting_number":"0147-0001-1","seller_id":836,"products":[{"sku":1,"quantity":1}],"in_process_at":"2026-12-16T04:04:00Z","warehouse_id":1}  200
POST    $hook  {"message_type":"TYPE_NEW_POSTING","posting_number":"0147-0001-1","seller_id":836,"products":[{"sku":1,"quantity":1}],"in_process_at":"2026-12-16T04:04:00Z","warehouse_id":1}  200
run     jobs
as      manager
GET     /api/queue                       200  items.length=1  items.0.number=0147-0001-1  items.0.status=new
as      nobody
POST    /hooks/$ozon/wrong-secret  {"message_type":"TYPE_PING"}  404
POST    /hooks/1/x  text=garbage  404
