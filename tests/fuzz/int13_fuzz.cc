// INT 13h with registers and memory as a hostile or broken caller has them: always answered, never outside of
// the caller's memory, and what is read is what the disk holds.
#include <algorithm>
#include <cstring>
#include <vector>

#include "san/int13.h"
#include "tests/host/host.h"

namespace {

constexpr std::uint32_t kBlock = 512;
constexpr std::uint64_t kBlocks = 2000;

class InstantDisk final : public san::BlockDevice {
  public:
    explicit InstantDisk(std::vector<std::byte>& bytes) : bytes_(bytes) { geometry_.blocks = kBlocks; }
    const san::BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return 100; }
    void submit(san::BlockRequest& request) override {
        ASSERT(request.count != 0 && request.count <= 100 && request.lba + request.count <= kBlocks);
        std::byte* at = bytes_.data() + request.lba * kBlock;
        if (request.operation == san::BlockRequest::Operation::Read)
            std::memcpy(request.data.data(), at, request.data.size());
        else
            std::memcpy(at, request.data.data(), request.data.size());
        request.state = san::BlockRequest::State::Done;
    }
    void cancel(san::BlockRequest& request) override { request.state = san::BlockRequest::State::Idle; }
    std::uint32_t generation() const override { return 0; }
    bool reconnecting() const override { return false; }
    const san::Diagnosis& diagnosis() const override { return diagnosis_; }

  private:
    std::vector<std::byte>& bytes_;
    san::BlockGeometry geometry_;
    san::Diagnosis diagnosis_;
};

class Memory final : public san::GuestMemory {
  public:
    util::MutableBytes map(std::uint64_t address, std::size_t size) override {
        if (address > bytes.size() || size > bytes.size() - address) return {};
        return util::MutableBytes(bytes).subspan(address, size);
    }
    std::vector<std::byte> bytes = std::vector<std::byte>(0x11000);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    std::vector<std::byte> content(kBlocks * kBlock);
    // The input is the partition table, too.
    std::memcpy(content.data() + 446, data, std::min<std::size_t>(size, 64));
    content[510] = std::byte{0x55};
    content[511] = std::byte{0xaa};
    util::Loop loop;
    san::DriveTable table(loop);
    auto device = util::make_owned<InstantDisk>(content);
    san::Drive* drive = table.attach(0x80, device.take(), {}, 64 << 10).take();
    ASSERT(drive->chs_geometry().cylinders >= 1 && drive->chs_geometry().cylinders <= 1024);
    ASSERT(drive->chs_geometry().heads >= 1 && drive->chs_geometry().sectors >= 1 &&
           drive->chs_geometry().sectors <= 63);
    Memory memory;
    san::Int13 service(table, memory);
    util::Reader reader(util::Bytes(reinterpret_cast<const std::byte*>(data), size));
    while (reader.remaining() >= 44) {
        // A packet at 0:600h, and registers.
        util::Bytes packet = reader.bytes(28);
        std::memcpy(memory.bytes.data() + 0x600, packet.data(), packet.size());
        san::Int13Registers r{};
        r.eax = reader.le16();
        r.ebx = reader.le16();
        r.ecx = reader.le16();
        r.edx = reader.le16();
        r.esi = reader.le16();
        r.ds = reader.le16();
        r.es = reader.le16();
        r.flags = reader.le16();
        if (r.ds & 1) r.ds = 0, r.esi = 0x600;
        if (r.edx & 1) r.edx = (r.edx & 0xff00) | 0x80;
        std::uint8_t number = r.dl();
        san::Int13::Chained chained;
        auto outcome = service.handle(r, chained);
        ASSERT((outcome == san::Int13::Outcome::Handled) == (number == 0x80));
        if (outcome == san::Int13::Outcome::ChainAndReturn) service.after_chain(r, chained);
    }
    std::vector<std::byte> again(127 * kBlock);
    for (std::uint64_t lba = 0; lba + 127 <= kBlocks; lba += 127) {
        ASSERT(drive->read(lba, again).ok());
        ASSERT(std::memcmp(again.data(), content.data() + lba * kBlock, again.size()) == 0);
    }
    return 0;
}
