# A bulk names its refusals before it acts, and can be undone as one
connect kaspi
market  kaspi creates {"number":"438000001","lines":[{"sku":"A","qty":1,"price":"1000.00"}]}
market  kaspi creates {"number":"438000002","lines":[{"sku":"A","qty":1,"price":"2000.00"}]}
market  kaspi creates {"number":"438000003","lines":[{"sku":"A","qty":1,"price":"4000.00"}]}
run     jobs
as      manager
GET     /api/queue                       200  items.length=3  statements<=6
keep    a = items[number=438000001].id
keep    b = items[number=438000002].id
keep    c = items[number=438000003].id
POST    /api/orders/$b/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}  200  order.status=cancelled
POST    /api/bulk  {"action":"confirm","ids":["$a","$b","$c"],"dry_run":true}  200  total=3  done.length=2  refused.length=1
        refused.0.number=438000002  refused.0.code=order.action_refused  sum=5000.00  sums.length=1  sums.0.currency=KZT  sums.0.sum=5000.00  undo=null
GET     /api/orders/$a                   200  status=new
POST    /api/bulk  {"action":"confirm","query":"status=new","except":["$c"]}  200  done.length=1  done.0=$a
keep    token = undo
GET     /api/orders/$c                   200  status=new
POST    /api/undo  {"token":"$token"}    200  undone.length=1
POST    /api/bulk  {"action":"confirm","query":"status=new"}  200  done.length=2  refused.length=0  statements<=40
clock   +5s
run     jobs
market  kaspi got accept 438000001
market  kaspi got accept 438000003
market  kaspi got cancel 438000002
market  kaspi got accept 438000002 times 0
