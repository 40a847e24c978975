#include "net/fetch/http.h"

#include "net/fetch/http_download.h"

namespace net {

util::Result<void> fetch_http(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request) {
    HttpDownload download(context);
    TRY(download.open(uri, request));
    TRY(sink.begin(download.size()));
    return download.read(sink);
}

}  // namespace net
