// A drive by HTTP against a server that says anything. The input is the answers, one for each request, between bytes of 1;
// a byte of 2 closes the connection there, 3 breaks it. Requests come to an end, and only the bytes that were asked for change.
#include <array>
#include <cstdint>

#include "san/http_device.h"
#include "tests/host/host.h"
#include "tests/unit/net/datagram_fake.h"
#include "tests/unit/net/http_fake.h"

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
    bool good_opening = size && data[0] & 1;
    server.answer = [&](const std::string&, net::FakeHttp::Connection& connection) {
        if (std::exchange(good_opening, false))
            return "HTTP/1.1 206 P\r\nContent-Range: bytes 32768-34815/1048576\r\nContent-Length: 2048\r\n\r\n" + std::string(2048, 'x');
        std::size_t end = rest.find_first_of("\1\2\3");
        std::string answer(rest.substr(0, end));
        char how = end == rest.npos ? '\2' : rest[end];
        rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
        if (how == '\2') connection.pipe->server_closed = true;
        if (how == '\3') connection.pipe->fail(fake::kReset);
        return answer;
    };
    san::Diagnosis diagnosis;
    auto opened = san::HttpDevice::open(context, net::Uri::parse("http://user:pass@10.0.2.2/x").take(), diagnosis);
    if (!opened.ok()) return 0;
    auto device = opened.take();
    std::uint32_t block = device->geometry().block_size;
    std::vector<std::byte> memory(3 * block, std::byte{0x5a});
    std::array<san::BlockRequest, 3> requests;
    for (san::BlockRequest& request : requests) {
        request.lba = 0;
        request.count = 1;
        request.data = util::MutableBytes(memory).subspan(block, block);
        device->submit(request);
    }
    device->cancel(requests[1]);
    auto done = [&] {
        return requests[0].state != san::BlockRequest::State::Pending && requests[2].state != san::BlockRequest::State::Pending;
    };
    ASSERT(loop.run_until(done, loop.now() + util::Duration::seconds(1000)).ok());
    for (std::size_t i = 0; i < memory.size(); ++i)
        if (i < block || i >= 2 * block) ASSERT(memory[i] == std::byte{0x5a});
    return 0;
}
