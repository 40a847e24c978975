// Fetching what a URI names into a sink. The schemes there are stand in one table (fetch.cc); each is a story that
// waits in Loop::run_until, so Ctrl-C and timeouts end it as a failure.
#pragma once

#include "net/config/resolver.h"
#include "net/fetch/uri.h"
#include "net/stream.h"
#include "util/loop.h"

namespace net {

inline constexpr util::Failure kUnknownScheme{util::code::kFetch + 2, "no such protocol for fetching"};
inline constexpr util::Failure kNoHost{util::code::kFetch + 3, "the URI names no server"};
inline constexpr util::Failure kFileTooBig{util::code::kFetch + 4, "the file is too big for its place"};

// Where the bytes go.
class FetchSink {
  public:
    virtual ~FetchSink() = default;
    // Before the first write; and again when the transfer is begun anew (TFTP): what was written is void then. The size is what the server
    // announced, if it did: a hint, not a promise. Failure: ends the transfer.
    virtual util::Result<void> begin(std::optional<std::uint64_t> size) = 0;
    // The next bytes, in order. Failure: ends the transfer.
    virtual util::Result<void> write(util::Bytes data) = 0;
};

// Into memory that grows, up to a limit. Failures of its methods: kFileTooBig, out of memory.
class MemorySink final : public FetchSink {
  public:
    explicit MemorySink(std::size_t limit) : limit_(limit) {}
    util::Result<void> begin(std::optional<std::uint64_t> size) override;
    util::Result<void> write(util::Bytes data) override;
    util::Bytes bytes() const { return util::Bytes(bytes_.span()); }
    util::Vector<std::byte> take() { return std::move(bytes_); }

  private:
    std::size_t limit_;
    util::Vector<std::byte> bytes_;
};

// A connection that a server has left open, for the next fetch from there.
struct KeptStream {
    util::Owned<Stream> stream;  // null: none
    util::String uri;            // of the last HTTP request, after redirects; the stream leads to its server
};

// What a fetch works with; one of them lives as long as the program's network does.
struct FetchContext {
    util::Loop& loop;
    DatagramService& datagrams;
    Random& random;
    const DnsSettings& dns;
    // What a person should know of the last failure besides its text: the server's own words, the name that was not
    // found. Empty when there is nothing to add.
    util::Text<200> detail;
    Connector* connector = nullptr;         // TCP; without it, datagrams only
    std::string_view agent = "Sanpiper";    // who we say we are
    KeptStream kept;
    Securer* securer = nullptr;             // TLS; without it, there is no https

    // Before the network goes to sleep, or to somebody else.
    void close_connections() { kept.stream.reset(); }
};

// What is said to the server besides the name, for protocols that can.
struct FetchRequest {
    std::optional<std::string_view> form;  // fields of a form, encoded for the URL: HTTP sends them by POST
    std::string_view headers;              // more fields for HTTP, each with its line end
};

// Fetches all of it. Failure: kUnknownScheme, kNoHost, the resolver's, the protocol's, the sink's, kCancelled;
// context.detail says more. What the sink has got by then is there still.
util::Result<void> fetch(FetchContext& context, const Uri& uri, FetchSink& sink, const FetchRequest& request = {});

// Where what has just been fetched by a URI came from in the end: where servers have redirected to, which is what relative references in
// it are relative to (RFC 3986 section 5.1.3). Empty: from that URI itself.
std::string_view fetched_from(const FetchContext& context, const Uri& uri);

// Whether fetch() knows the URI's scheme.
bool can_fetch(const Uri& uri);

// For the protocols: the address of the URI's host. Failure: kNoHost, or the resolver's.
util::Result<Ipv4Address> resolve_host(FetchContext& context, const Uri& uri);

}  // namespace net
