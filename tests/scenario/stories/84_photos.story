# Photos over the wire: known by their bytes, bounded, without the camera's words, and nothing in them is ever run
as      owner
POST    /api/import/orders  {"number":"700000041","status":"completed","customer_name":"Мария Иванова","grand_total":"1000.00","currency":"KZT","placed_at":"2026-12-15T04:00:00Z","lines":[{"article":"PJ-7","title":"Пижама","qty":1,"unit_price":"1000.00"}]}  200  new=1
GET     /api/search?q=700000041          200
keep    order = orders.0.id
as      manager
POST    /api/returns  {"order_id":"$order","lines":[{"line":1,"qty":1}],"reason":"size"}   201
keep    return = id
# A picture that is a page and an archive too, and says where it was taken: the picture alone is kept, whatever it is called.
POST    /api/returns/$return/photos  base64=/9j/4AAQSkZJRgABAQAAAQABAAD/4QAjRXhpZgAAY2FtZXJhLW9mLU1hcmlhIDQzLjJOIDc2LjlF//4AGzxzY3JpcHQ+YWxlcnQoMSk8L3NjcmlwdD7/wAALCAACAAMBAREA/9oACAEBAAA/AGFi/wBjZP/QZWb/2TxodG1sPjxzY3JpcHQ+YWxlcnQoMik8L3NjcmlwdD5QSwME  header.Content-Type=text/html   201  type=image/jpeg  width=3  height=2  size=55
keep    photo = id
GET     /api/returns/$return/photos/$photo   200  header.Content-Type=image/jpeg  header.X-Content-Type-Options=nosniff  body!~script  body!~camera  body!~PK
        header.Content-Security-Policy~default-src
# What is cut short, what only begins like a picture, a drawing with a script in it: none.
POST    /api/returns/$return/photos  base64=/9j/4AAQSkZJRgABAQAAAQABAAD/wAALCAACAAMBAREA  header.Content-Type=image/jpeg   415
POST    /api/returns/$return/photos  base64=R0lGODlhLyo8c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+  header.Content-Type=image/jpeg   415
POST    /api/returns/$return/photos  "text=<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"  header.Content-Type=image/png   415
# Above eight megabytes nothing is read to its end, nor kept.
POST    /api/returns/$return/photos  base64_and=/9j/4AAQSkZJRgABAQAAAQABAAD/4QAjRXhpZgAAY2FtZXJhLW9mLU1hcmlhIDQzLjJOIDc2LjlF//4AGzxzY3JpcHQ+YWxlcnQoMSk8L3NjcmlwdD7/wAALCAACAAMBAREA/9oACAEBAAA/AGFi/wBjZP/QZWb/2TxodG1sPjxzY3JpcHQ+YWxlcnQoMik8L3NjcmlwdD5QSwME  header.Content-Type=image/jpeg   413
GET     /api/returns/$return/photos      200  items.length=1
# Who sees no returns sees no pictures of them; who only inspects may add, and not take away.
as      picker
GET     /api/returns/$return/photos/$photo   200
DELETE  /api/returns/$return/photos/$photo   403
as      marketer
GET     /api/returns/$return/photos/$photo   403
as      nobody
GET     /api/returns/$return/photos/$photo   401
as      manager
DELETE  /api/returns/$return/photos/$photo   204
GET     /api/returns/$return/photos/$photo   404
