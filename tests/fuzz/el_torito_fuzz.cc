// Boot catalogs. The input is block 17 and the catalog behind it of a small CD; what is found lies on it.
#include <cstring>

#include "san/el_torito.h"
#include "tests/host/host.h"

namespace {

class Cd final : public san::BlockDevice {
  public:
    explicit Cd(util::Bytes content) : content_(content) {}
    const san::BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return 16; }
    void submit(san::BlockRequest& request) override {
        std::memset(request.data.data(), 0, request.data.size());
        std::size_t from = request.lba < 17 ? content_.size() : (request.lba - 17) * 2048;
        if (from < content_.size())
            std::memcpy(request.data.data(), content_.data() + from, std::min(request.data.size(), content_.size() - from));
        request.state = san::BlockRequest::State::Done;
    }
    void cancel(san::BlockRequest&) override {}
    std::uint32_t generation() const override { return 0; }
    bool reconnecting() const override { return false; }
    const san::Diagnosis& diagnosis() const override { return diagnosis_; }

  private:
    util::Bytes content_;
    san::BlockGeometry geometry_{64, 2048, true, true};
    san::Diagnosis diagnosis_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    host::reset();
    util::Loop loop;
    auto device = util::make_owned<Cd>(std::as_bytes(std::span(data, size))).take();
    auto drive = san::Drive::create(loop, 0x80, std::move(device), {}, 0).take();
    auto found = san::find_boot_entry(*drive);
    if (found.ok()) ASSERT(drive->has(found.value().lba, 1) && found.value().sectors && found.value().segment);
    return 0;
}
