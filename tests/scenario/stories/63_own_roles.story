# A shop makes a role of its own; nobody gives more than he has, and the owner stays
as      owner
POST    /api/roles  {"name":"","permissions":[]}  422
POST    /api/roles  {"name":"Смена","permissions":["orders.see","fly"]}  422
POST    /api/roles  {"name":"Смена","permissions":["orders.see","users"]}  201  role=null  permissions.length=2  version=1
keep    shift = id
POST    /api/roles  {"name":"Смена","permissions":["orders.see"]}  409
GET     /api/roles                       200  items.0.role=owner  items.6.name=Смена  items.6.id=$shift
PATCH   /api/roles/owner  if=1  {"permissions":["orders.see"]}  404
DELETE  /api/roles/manager               404
# A person with the role does what it says, and no more.
POST    /api/users  {"name":"Асем","login":"asem","roles":[],"own_roles":[],"password":"vremya-otkryvat-1"}  422
POST    /api/users  {"name":"Асем","login":"asem","roles":[],"own_roles":["77"],"password":"vremya-otkryvat-1"}  422
POST    /api/users  {"name":"Асем","login":"asem","roles":[],"own_roles":["$shift"],"password":"vremya-otkryvat-1"}  201  own_roles.0=$shift
keep    asem = id
as      nobody
POST    /api/session  {"login":"asem","password":"vremya-otkryvat-1"}  200  user.own_roles.0=Смена  user.permissions.length=2  user.roles.length=0
as      asem
GET     /api/queue                       200
GET     /api/settings                    403
GET     /api/users                       200
# With the right to let people in one gives what one has, by no way more.
POST    /api/roles  {"name":"Хитрость","permissions":["settings"]}  403
PATCH   /api/roles/$shift  if=1  {"permissions":["orders.see","users","settings"]}  403
POST    /api/users  {"name":"x","login":"thief","roles":["owner"],"password":"vremya-otkryvat-1"}  403
POST    /api/invitations  {"login":"thief","roles":["manager"]}  403
POST    /api/roles  {"name":"Просмотр","permissions":["orders.see"]}  201
keep    look = id
POST    /api/users  {"name":"Бек","login":"bek","roles":[],"own_roles":["$look"],"password":"vremya-otkryvat-1"}  201
keep    bek = id
# A role that holds more than one has is out of reach, to change or to remove.
as      owner
POST    /api/roles  {"name":"Управляющий","permissions":["orders.see","settings","users"]}  201
keep    head = id
as      asem
PATCH   /api/roles/$head  if=1  {"name":"x"}  403
DELETE  /api/roles/$head                 403
PATCH   /api/users/$bek  if=1  {"own_roles":["$head"]}  403
# What the owner changes holds at once, for who is signed in too.
as      owner
PATCH   /api/roles/$shift  {"permissions":["orders.see"]}  428
PATCH   /api/roles/$shift  if=1  {"permissions":["orders.see","customers.see"]}  200  version=2
PATCH   /api/roles/$shift  if=1  {"name":"y"}  412  code=version.old  current.name=Смена
as      asem
GET     /api/users                       403
GET     /api/customers                   200
as      owner
DELETE  /api/roles/$shift                409
PATCH   /api/users/$asem  if=1  {"own_roles":[],"roles":["picker"]}  200  roles.0=picker
DELETE  /api/roles/$shift                204
as      asem
GET     /api/customers                   403
# The last owner cannot lock himself out, not even behind a role with every right.
as      owner
GET     /api/users                       200
keep    owner = items[login=owner].id
keep    version = items[login=owner].version
POST    /api/roles  {"name":"Всё","permissions":["orders.see","orders.work","orders.cancel","orders.note","picking","prices.see","contacts.see","customers.see","export","import","settings","users","audit","customers.merge","customers.data","returns.see","returns.create","returns.decide","returns.inspect","returns.refund","returns.confirm","claims.work","customers.tag"]}  201
keep    all = id
PATCH   /api/users/$owner  if=$version  {"roles":[],"own_roles":["$all"]}  409
PATCH   /api/users/$owner  if=$version  {"state":"blocked"}  409
GET     /api/audit?entity=role           200  items.0.action=role.create  items[action=role.edit].before.permissions.length=2
