# A request that another site sends in a person's name changes nothing
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items.0.id
POST    /api/orders/$order/confirm  header.Origin=https://evil.example  403  code=csrf
POST    /api/orders/$order/confirm  header.Sec-Fetch-Site=cross-site    403  code=csrf
GET     /api/orders/$order               200  status=new
POST    /api/orders/$order/notes  header.X-CSRF-Token=wrong  {"text":"x"}  403
POST    /api/orders/$order/notes  header.Content-Type=text/plain  {"text":"x"}  415
