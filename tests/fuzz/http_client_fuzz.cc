// The HTTP client against servers that say anything. The input is the answers, one for each request, between bytes of 1;
// a byte of 2 closes the connection there, 3 breaks it, 4 is the end of a message that the server has not finished.
#include <cstdint>

#include "net/fetch/http.h"
#include "tests/host/host.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/http_fake.h"

namespace {

class Count final : public net::FetchSink {
  public:
    util::Result<void> begin(std::optional<std::uint64_t>) override {
        ASSERT(!begun);
        begun = true;
        return {};
    }
    util::Result<void> write(util::Bytes data) override {
        ASSERT(begun);
        count += data.size();
        return {};
    }
    bool begun = false;
    std::size_t count = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    util::Loop loop;
    net::FakeHttp server;
    net::FakeDatagrams network;
    net::CountingRandom random;
    net::DnsSettings dns;
    net::FetchContext context{loop, network, random, dns, {}};
    context.connector = &server;
    loop.add(server);
    unsigned answers = 0;
    server.answer = [&](const std::string& request, net::FakeHttp::Connection& connection) {
        ++answers;
        ASSERT(request.starts_with("GET /"));
        std::size_t end = rest.find_first_of("\1\2\3\4");
        std::string answer(rest.substr(0, end));
        char how = end == rest.npos ? '\2' : rest[end];
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        if (how == '\2') connection.pipe->server_closed = true;
        if (how == '\3') connection.pipe->fail(fake::kReset);
        return answer;
    };
    for (int i = 0; i < 2; ++i) {
        Count sink;
        (void)net::fetch(context, net::Uri::parse("http://user:pass@10.0.2.2/x").take(), sink);
        ASSERT(sink.count <= size);
    }
    ASSERT(answers < 64);
    return 0;
}
