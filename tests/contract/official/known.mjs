// known.mjs - where life and the descriptions part, each with its reason. `what` is a part of the problem's line, numbers in paths
// written as *. A row that is no longer met fails the test.
const ozonNulls = 'the official samples of these methods show null';
const ozonLists = ['ozon POST /v4/posting/fbs/list', 'ozon POST /v4/posting/fbs/unfulfilled/list'];
const ozonFields = ['delivering_date', 'customer', 'addressee', 'financial_data'];

export const known = [
    { where: 'kaspi GET /v2/orders', what: 'kaspiDelivery/firstMileCourier: is not', why: 'guide-examples/order-by-code-kaspi-delivery.json has it' },
    { where: 'kaspi GET /v2/orders/{id}', what: 'kaspiDelivery/firstMileCourier: is not', why: 'guide-examples/order-by-code-kaspi-delivery.json has it' },
    { where: 'kaspi POST /v2/orders', what: 'attributes/numberOfSpace: is not', why: 'guide-examples/response-assemble-howto-section.json has it' },
    { where: 'ozon POST /v1/roles', what: 'request body: the description knows none', why: 'we send {}: an empty object says nothing, and a POST without any body is refused by some proxies' },
    { where: 'ozon POST /v2/returns/rfbs/list', what: 'reply 200 /returns: must be object', why: 'the schema forgets the list that the official sample shows' },
    ...['delivering_date', 'customer', 'financial_data'].map((f) => ({ where: 'ozon POST /v3/posting/fbs/get', what: `/result/${f}: is null`, why: ozonNulls })),
    ...ozonLists.flatMap((where) => ozonFields.map((f) => ({ where, what: `/postings/*/${f}: is null`, why: ozonNulls }))),
];
