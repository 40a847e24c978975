// Where an HTTP resource is and how to ask for it: the text of requests, and what redirects and calls for authentication
// do to the next one. Used by fetches and by drives; the connection is theirs.
#pragma once

#include "net/fetch/fetch.h"
#include "net/wire/http.h"
#include "net/wire/http_auth.h"

namespace net {

inline constexpr util::Failure kHttpNotFound{util::code::kFetch + 40, "the HTTP server has no such file"};
inline constexpr util::Failure kHttpForbidden{util::code::kFetch + 41, "the HTTP server refuses access to the file"};
inline constexpr util::Failure kHttpUnauthorized{util::code::kFetch + 42,
                                                 "the HTTP server wants a user name and password, or does not accept them"};
inline constexpr util::Failure kHttpServerError{util::code::kFetch + 43, "the HTTP server cannot answer"};
inline constexpr util::Failure kHttpRefused{util::code::kFetch + 44, "the HTTP server refuses the request"};
inline constexpr util::Failure kHttpRedirects{util::code::kFetch + 45, "the HTTP server redirects over and over"};
inline constexpr util::Failure kHttpBadRedirect{util::code::kFetch + 46, "the HTTP server redirects to no place"};
inline constexpr util::Failure kHttpsUnsupported{util::code::kFetch + 47, "HTTPS is not built in: only plain HTTP can be fetched"};
inline constexpr util::Failure kHttpNoConnection{util::code::kFetch + 48, "there is no TCP to fetch by HTTP with"};
inline constexpr util::Failure kHttpStalled{util::code::kFetch + 49, "the HTTP server has stopped sending"};
inline constexpr util::Failure kHttpChanged{util::code::kFetch + 50, "the file has changed on the HTTP server while it was fetched"};

class HttpRequester {
  public:
    static constexpr unsigned kMostRedirects = 10;

    explicit HttpRequester(FetchContext& context) : context_(context) {}

    // Credentials are the URI's own. The request's texts must outlive this. Failure:
    // kHttpsUnsupported, kUnknownScheme, kNoHost, kBadUri, out of memory.
    util::Result<void> start(const Uri& uri, const FetchRequest& request = {});

    // Where requests go now.
    const Uri& uri() const { return uri_; }
    std::uint16_t port() const;
    bool is_secure() const { return uri_.scheme_is("https"); }
    // Whether the next request may be made twice without harm, so that it may go to a connection that was kept.
    bool is_get() const { return !request_.form; }

    struct Range {
        static constexpr std::uint64_t kToTheEnd = UINT64_MAX;
        std::uint64_t first, last;
        std::string_view if_range = {};  // a validator: all of it when it is another by now (RFC 9110 section 13.1.5)
    };
    // Appends the text of the next request. Failure: out of memory.
    util::Result<void> append_request(util::String& text, std::string_view agent, std::optional<Range> range);

    // What the answer means: whether to ask again, there or somewhere else. Failure: too many or senseless redirects,
    // authentication that is refused or unknown, out of memory. Any other status is for the caller to judge.
    enum class Next : std::uint8_t { Take, Again };
    util::Result<Next> follow(const HttpResponse& response);

  private:
    util::Result<void> set_uri(Uri uri);
    util::Result<Next> authenticate(const HttpResponse& response);
    util::Result<Next> redirect(const HttpResponse& response);

    FetchContext& context_;
    FetchRequest request_;
    Uri uri_;
    util::String target_;  // path and query as they are sent
    util::String user_, password_;
    HttpAuthentication authentication_;
    bool has_authenticated_ = false;  // credentials were sent with the last request
    unsigned redirects_ = 0;
};

// Whether a connection for one is good for the other.
bool is_same_server(const Uri& a, const Uri& b);

// What a status that is no success is called.
const util::Failure& http_failure(std::uint16_t status);

}  // namespace net
