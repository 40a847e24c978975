#include "net/fetch/http.h"

#include "net/fetch/http_download.h"

namespace net {

util::Result<void> fetch_http(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request) {
    HttpDownload download(context);
    TRY(download.open(uri, request));
    TRY(sink.begin(download.size()));
    TRY(download.read(sink));
    std::string_view from = download.uri().text();
    return from == uri.text() ? util::Result<void>() : context.moved_to.assign(from);
}

}  // namespace net
