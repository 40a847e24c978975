// Everything that a hostile target can send, in login and in the full feature phase. The first byte says how far a
// well-behaved target takes the session before the input begins; the rest is the stream, in pieces.
#include <cstdlib>
#include <memory>

#include "san/iscsi_device.h"
#include "tests/host/host.h"
#include "tests/unit/san/fake_stream.h"

namespace {

using san::BlockRequest;

class Random final : public net::Random {
    void fill(util::MutableBytes target) override {
        for (std::byte& b : target) b = std::byte{0x5a};
    }
};

class Connector final : public net::Connector {
  public:
    util::Result<util::Owned<net::Stream>> connect(const net::Ipv4Endpoint&) override {
        pipe = std::make_shared<fake::Pipe>();
        ++connects;
        auto stream = util::make_owned<fake::Stream>(pipe);
        return util::Owned<net::Stream>(stream.take());
    }
    std::shared_ptr<fake::Pipe> pipe;
    unsigned connects = 0;
};

void send(fake::Pipe& pipe, const auto& header, const std::string& data = {}) {
    auto copy = header;
    copy.data_segment_length = san::Be24(static_cast<std::uint32_t>(data.size()));
    pipe.to_client.append(reinterpret_cast<const char*>(&copy), sizeof copy);
    pipe.to_client += data;
    pipe.to_client.resize((pipe.to_client.size() + 3) / 4 * 4);
}

// The two responses of a plain login, as tags and numbers are known beforehand.
void log_in(fake::Pipe& pipe) {
    san::LoginResponseHeader header;
    header.initiator_task_tag = 0x80000001;
    header.flags = 0x81;
    header.exp_cmd_sn = 1;
    header.max_cmd_sn = 33;
    send(pipe, header);
    header.flags = 0x87;
    header.stat_sn = 1;
    send(pipe, header, std::string("InitialR2T=No\0MaxRecvDataSegmentLength=512\0", 43));
}

void run(san::IscsiSession& session, fake::Pipe& pipe, std::string_view stream, std::size_t piece) {
    util::Instant now = util::Instant::at_us(1);
    for (unsigned rounds = 0; rounds < 2000 && session.phase() != san::IscsiSession::Phase::Ended; ++rounds) {
        std::size_t count = std::min(piece, stream.size());
        pipe.to_client += stream.substr(0, count);
        stream.remove_prefix(count);
        session.poll(now);
        pipe.to_server.clear();
        while (session.take_done()) {
        }
        now = now + util::Duration::milliseconds(10);
        if (stream.empty() && rounds > 50) break;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    if (size < 2) return 0;
    host::reset();
    san::IscsiConfig config;
    config.initiator_name.text("iqn.x:i");
    config.uri.target.text("iqn.x:t");
    if (bytes[0] & 2) config.chap.name.text("u"), config.chap.secret.text("123456789012");
    if (bytes[0] & 4) config.reverse_chap.name.text("t"), config.reverse_chap.secret.text("abcdefghijkl");
    if (bytes[0] & 8) config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    Random random;
    Connector connector;
    auto stream = connector.connect({}).take();
    san::IscsiSession session(config, random, std::move(stream));
    std::byte read_data[4096], write_data[4096] = {};
    san::ScsiTask tasks[4];
    for (unsigned i = 0; i < 4; ++i) {
        tasks[i].direction = i % 2 ? san::ScsiTask::Direction::Out : san::ScsiTask::Direction::In;
        tasks[i].data = i % 2 ? write_data : read_data;
        session.submit(tasks[i]);
    }
    if (bytes[0] & 1) log_in(*connector.pipe);
    std::string_view input(reinterpret_cast<const char*>(bytes) + 2, size - 2);
    run(session, *connector.pipe, input, std::size_t{1} + bytes[1] * 3u);
    session.abandon(tasks[0]);
    session.abandon(tasks[1]);
    return 0;
}
