// iSCSI PDUs: how fast Data-In gets from a stream to its place, with and without digests.
#include <benchmark/benchmark.h>

#include <cstring>
#include <string>
#include <vector>

#include "san/iscsi_text.h"
#include "san/iscsi_transport.h"

namespace {

// The same bytes over and over, in pieces as TCP segments give them.
class Replay final : public net::Stream {
  public:
    explicit Replay(std::string bytes) : bytes_(std::move(bytes)) {}
    State state() const override { return State::Open; }
    const util::Failure& failure() const override { return util::kTimedOut; }
    std::size_t send(util::Bytes data) override { return data.size(); }
    std::size_t send_room() const override { return 65536; }
    util::Bytes peek() const override {
        return util::as_bytes(bytes_).subspan(at_, std::min(kSegment - at_ % kSegment, bytes_.size() - at_));
    }
    void consume(std::size_t count) override {
        at_ += count;
        if (at_ == bytes_.size()) at_ = 0;
    }
    std::size_t receive(util::MutableBytes target) override {
        util::Bytes there = peek();
        std::size_t count = std::min(there.size(), target.size());
        if (count) std::memcpy(target.data(), there.data(), count);
        consume(count);
        return count;
    }
    std::size_t readable() const override { return bytes_.size(); }
    void close() override {}
    void abort() override {}

  private:
    static constexpr std::size_t kSegment = 1448;
    std::string bytes_;
    std::size_t at_ = 0;
};

std::string wire(const auto& value) { return {reinterpret_cast<const char*>(&value), sizeof value}; }

std::string crc_of(const std::string& bytes) {
    san::Crc32c crc;
    crc.update(util::as_bytes(bytes));
    return wire(crc.wire());
}

void read_data_in(benchmark::State& state) {
    std::size_t size = static_cast<std::size_t>(state.range(0));
    san::Digests digests{state.range(1) != 0, state.range(1) != 0};
    san::DataInHeader header;
    header.data_segment_length = san::Be24(static_cast<std::uint32_t>(size));
    std::string data(size, 'x'), pdu = wire(header);
    if (digests.header) pdu += crc_of(pdu);
    pdu += data;
    if (digests.data) pdu += crc_of(data);
    Replay stream(pdu);
    san::PduReader reader;
    reader.set_digests(digests);
    reader.set_limit(262144);
    std::vector<std::byte> target(size);
    for (auto _ : state) {
        for (;;) {
            auto step = reader.step(stream);
            if (step == san::PduReader::Step::Header) reader.place(target);
            if (step == san::PduReader::Step::Complete) break;
            if (step == san::PduReader::Step::Failed) return state.SkipWithError("failed");
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * size));
}
BENCHMARK(read_data_in)->ArgsProduct({{512, 8192, 65536, 262144}, {0, 1}});

void send_data_out(benchmark::State& state) {
    std::size_t size = static_cast<std::size_t>(state.range(0));
    Replay stream("");
    san::PduWriter writer;
    std::vector<std::byte> data(size);
    for (auto _ : state) {
        writer.start(san::DataOutHeader{}, data);
        benchmark::DoNotOptimize(writer.flush(stream));
    }
}
BENCHMARK(send_data_out)->Arg(65536);

void crc32c(benchmark::State& state) {
    std::vector<std::byte> data(8192);
    for (auto _ : state) {
        san::Crc32c crc;
        crc.update(data);
        benchmark::DoNotOptimize(crc.value());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data.size()));
}
BENCHMARK(crc32c);

void read_text_keys(benchmark::State& state) {
    std::string text;
    for (int i = 0; i < 20; ++i) text += "MaxRecvDataSegmentLength=262144" + std::string(1, '\0');
    for (auto _ : state) {
        san::TextKeyReader reader(text);
        for (san::TextKey key; reader.next(key);) benchmark::DoNotOptimize(key.value.size());
    }
}
BENCHMARK(read_text_keys);

}  // namespace
