/* address.h - which network addresses a request to a marketplace may never reach.
 *
 * A base address is typed by a person, so it could point into the network behind the server (server-side request forgery).
 * What counts is the address that is connected to, not the name: names can be made to point anywhere at any time.
 */
#pragma once
#include "base/str.h"

struct sockaddr;
/* Loopback, private, link-local, shared, multicast, unspecified, reserved, anything that is not IPv4 or IPv6; IPv4 inside IPv6 too. */
bool address_is_private(const struct sockaddr *);
/* A host as it is typed: "localhost", or the number of a private address. What a name turns into is seen only when connecting. */
bool host_is_private(str host);
/* The host of "http://host:port/path", without brackets and port; empty when the text is no http or https address, or carries a
 * user name. */
str  url_host(str url);
