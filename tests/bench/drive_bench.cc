// What an INT 13h read costs that is served from memory: everything but the way from and to real mode.
#include <benchmark/benchmark.h>

#include <cstring>
#include <vector>

#include "san/edd.h"
#include "san/int13.h"

namespace {

class InstantDisk final : public san::BlockDevice {
  public:
    InstantDisk() { geometry_.blocks = std::uint64_t{1} << 32; }
    const san::BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return 512; }
    void submit(san::BlockRequest& request) override { request.state = san::BlockRequest::State::Done; }
    void cancel(san::BlockRequest& request) override { request.state = san::BlockRequest::State::Idle; }
    std::uint32_t generation() const override { return 0; }
    bool reconnecting() const override { return false; }
    const san::Diagnosis& diagnosis() const override { return diagnosis_; }

  private:
    san::BlockGeometry geometry_;
    san::Diagnosis diagnosis_;
};

class Memory final : public san::GuestMemory {
  public:
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        if (address > bytes.size() || size > bytes.size() - address) return {};
        return util::MutableBytes(bytes).subspan(address, size);
    }
    std::vector<std::byte> bytes = std::vector<std::byte>(0x100000);
};

void cached_read(benchmark::State& state) {
    util::Loop loop;
    san::DriveTable table(loop);
    (void)table.attach(0x80, util::make_owned<InstantDisk>().take(), {});
    Memory memory;
    san::Int13 service(table, memory);
    auto count = static_cast<std::uint16_t>(state.range(0));
    san::EddPacket packet{16, 0, count, std::uint16_t{0}, std::uint16_t{0x2000}, std::uint64_t{0}};
    std::uint64_t lba = 0;
    for (auto _ : state) {
        packet.lba = lba;
        std::memcpy(memory.bytes.data() + 0x600, &packet, 16);
        san::Int13Registers registers{};
        registers.eax = 0x4200;
        registers.edx = 0x80;
        registers.esi = 0x600;
        san::Int13::Chained chained;
        benchmark::DoNotOptimize(service.handle(registers, chained));
        lba += count;
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * count * 512);
}
BENCHMARK(cached_read)->Name("int13_cached_read")->Arg(1)->Arg(8)->Arg(127);

}  // namespace
