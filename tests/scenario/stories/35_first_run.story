# A shop is set up once, and a second owner cannot slip in
as      nobody
GET     /api/setup                       200  needs_owner=false
POST    /api/setup  {"shop_name":"Чужой","country":"KZ","currency":"KZT","time_zone":"Asia/Almaty","name":"x","login":"thief","password":"vremya-otkryvat-1","language":"ru"}  409
GET     /health                          200  status=ok
GET     /ready                           200
GET     /api/openapi.json                200  openapi~3.
GET     /api/session                     401
as      owner
GET     /api/audit                       200  items[action=shop.create].actor_name=owner
DELETE  /api/session                     204
GET     /api/session                     401
