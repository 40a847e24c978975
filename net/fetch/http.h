// The HTTP client (RFC 9110, 9112): fetching a resource, over as many requests and connections as it takes.
#pragma once

#include "net/fetch/http_requester.h"

namespace net {

// http://[user:password@]host[:port]/path[?query]. A connection that the server leaves open is kept in the context for the
// next fetch. Waits as Retry-After says, a few minutes at most, and goes on where a connection broke. Failure: those of
// HttpDownload.
util::Result<void> fetch_http(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request);

}  // namespace net
