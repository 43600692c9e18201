# An invitation lets one person in, once, with what the inviter may give
as      owner
POST    /api/invitations  {"login":"","roles":[]}  422
POST    /api/invitations  {"login":"owner","roles":["manager"]}  409
POST    /api/invitations  {"login":"Saule@Karapuz.kz","name":"Сауле","roles":["manager"]}  201  login=saule@karapuz.kz
keep    first = token
POST    /api/invitations  {"login":"saule@karapuz.kz","name":"Сауле","roles":["manager"]}  201  expires_at=2026-12-19T04:04:00Z
keep    token = token
GET     /api/invitations                 200  items.length=1  items.0.login=saule@karapuz.kz  items.0.token=absent  body!~$token
GET     /api/audit?entity=invitation     200  items.0.action=invitation.create  items.0.after.login=saule@karapuz.kz  body!~$token
as      nobody
# The link that was replaced, one that was made up, and none.
POST    /api/invitation/look  {"token":"$first"}  404
POST    /api/invitation/look  {"token":"made-up"}  404
POST    /api/invitation/look  {"token":""}  422
POST    /api/invitation/look  {"token":"$token"}  200  shop_name=Карапуз  login=saule@karapuz.kz  name=Сауле
POST    /api/invitation  {"token":"$token","name":"","password":"short","language":"ru"}  422
POST    /api/invitation  {"token":"$token","name":"Сауле","password":"saule@karapuz.kz","language":"ru"}  422
POST    /api/invitation  {"token":"$token","name":"Сауле А.","password":"vremya-otkryvat-1","language":"kk"}  200  user.name="Сауле А."  user.language=kk  user.roles.0=manager
POST    /api/invitation  {"token":"$token","name":"Ещё раз","password":"vremya-otkryvat-1","language":"ru"}  404
POST    /api/session  {"login":"saule@karapuz.kz","password":"vremya-otkryvat-1"}  200
as      owner
GET     /api/invitations                 200  items.length=0
GET     /api/audit?entity=invitation     200  items.0.action=invitation.accept  "items.0.actor_name=Сауле А."
# Three days, then it is over.
POST    /api/invitations  {"login":"late","roles":["picker"]}  201
keep    token = token
clock   +3d
as      nobody
POST    /api/invitation/look  {"token":"$token"}  404
POST    /api/invitation  {"token":"$token","name":"x","password":"vremya-otkryvat-1","language":"ru"}  404
# Taken back.
as      owner
POST    /api/invitations  {"login":"gone","roles":["picker"]}  201
keep    token = token
keep    id = id
DELETE  /api/invitations/$id             204
DELETE  /api/invitations/$id             404
as      nobody
POST    /api/invitation/look  {"token":"$token"}  404
# Who invited has lost the right since.
as      owner
POST    /api/roles  {"name":"Кадры","permissions":["orders.see","users"]}  201
keep    staff = id
POST    /api/users  {"name":"Мадина","login":"madina","roles":["picker"],"own_roles":["$staff"],"password":"vremya-otkryvat-1"}  201
keep    madina = id
as      madina
POST    /api/invitations  {"login":"friend","roles":["picker"]}  201
keep    token = token
as      owner
PATCH   /api/users/$madina  if=1  {"own_roles":[]}  200
as      nobody
POST    /api/invitation  {"token":"$token","name":"x","password":"vremya-otkryvat-1","language":"ru"}  404
as      manager
GET     /api/invitations                 403
POST    /api/invitations  {"login":"x","roles":["picker"]}  403
