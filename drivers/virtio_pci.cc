#include "drivers/virtio_pci.h"

#include <bit>

#include "drivers/wait.h"

namespace drivers {

using namespace virtio;

namespace {

// Legacy registers, section 4.1.4.10, in the I/O window of BAR 0. Without MSI-X the device's own follow
// at 20.
namespace legacy {
constexpr std::uint32_t kDeviceFeatures = 0;
constexpr std::uint32_t kDriverFeatures = 4;
constexpr std::uint32_t kQueueAddress = 8;  // in pages of 4096 bytes
constexpr std::uint32_t kQueueSize = 12;
constexpr std::uint32_t kQueueSelect = 14;
constexpr std::uint32_t kQueueNotify = 16;
constexpr std::uint32_t kDeviceStatus = 18;
constexpr std::uint32_t kDeviceConfig = 20;
constexpr unsigned kPageBits = 12;
}  // namespace legacy

// struct virtio_pci_common_cfg, section 4.1.4.3.
namespace common {
constexpr std::uint32_t kDeviceFeatureSelect = 0;
constexpr std::uint32_t kDeviceFeature = 4;
constexpr std::uint32_t kDriverFeatureSelect = 8;
constexpr std::uint32_t kDriverFeature = 12;
constexpr std::uint32_t kDeviceStatus = 20;
constexpr std::uint32_t kQueueSelect = 22;
constexpr std::uint32_t kQueueSize = 24;
constexpr std::uint32_t kQueueEnable = 28;
constexpr std::uint32_t kQueueNotifyOffset = 30;
constexpr std::uint32_t kQueueDescriptors = 32;
constexpr std::uint32_t kQueueDriver = 40;
constexpr std::uint32_t kQueueDevice = 48;
}  // namespace common

// struct virtio_pci_cap, section 4.1.4.
namespace capability {
constexpr std::uint8_t kVendorSpecific = 0x09;
constexpr std::uint8_t kType = 3;
constexpr std::uint8_t kBar = 4;
constexpr std::uint8_t kOffset = 8;
constexpr std::uint8_t kNotifyMultiplier = 16;
constexpr std::uint8_t kCommon = 1;
constexpr std::uint8_t kNotify = 2;
constexpr std::uint8_t kDevice = 4;
constexpr std::uint8_t kConfigurationAccess = 5;
}  // namespace capability

constexpr util::Duration kResetTime = util::Duration::milliseconds(100);

std::uint8_t find_virtio_capability(const PciFunction& pci, std::uint8_t type) {
    std::uint8_t at = 0;
    while ((at = pci.find_capability(capability::kVendorSpecific, at)))
        if (pci.read8(static_cast<std::uint8_t>(at + capability::kType)) == type) return at;
    return 0;
}

void write64(const RegisterWindow& window, std::uint32_t offset, std::uint64_t value) {
    window.write32(offset, static_cast<std::uint32_t>(value));
    window.write32(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

}  // namespace

// Directly where it can be reached, else through configuration space.
RegisterWindow VirtioPci::find_window(std::uint8_t type, std::uint8_t* capability) const {
    std::uint8_t at = find_virtio_capability(pci_, type);
    if (!at) return {};
    if (capability) *capability = at;
    std::uint8_t bar_index = pci_.read8(static_cast<std::uint8_t>(at + capability::kBar));
    std::uint32_t offset = pci_.read32(static_cast<std::uint8_t>(at + capability::kOffset));
    BaseAddress bar = pci_.base_address(bar_index);
    if (bar.is_reachable_memory())
        return RegisterWindow::memory(static_cast<std::uint32_t>(bar.base)).at(offset);
    if (bar.is_io()) return RegisterWindow::ports(static_cast<std::uint16_t>(bar.base)).at(offset);
    std::uint8_t access = find_virtio_capability(pci_, capability::kConfigurationAccess);
    if (!access || bar.space == BaseAddress::Space::None) return {};
    return RegisterWindow::configuration(pci_, access, bar_index, offset);
}

bool VirtioPci::find_modern() {
    std::uint8_t notify = 0;
    RegisterWindow common = find_window(capability::kCommon);
    device_ = find_window(capability::kDevice);
    notify_ = find_window(capability::kNotify, &notify);
    if (!common || !device_ || !notify_) return false;
    notify_multiplier_ = pci_.read32(static_cast<std::uint8_t>(notify + capability::kNotifyMultiplier));
    common_ = common;
    return true;
}

util::Result<void> VirtioPci::find_registers() {
    BaseAddress bar = pci_.base_address(0);
    if (bar.is_io()) legacy_ = RegisterWindow::ports(static_cast<std::uint16_t>(bar.base));
    bool modern = find_modern();
    // Ports are faster than the detour through configuration space.
    if (modern && common_.is_direct()) return {};
    if (modern && !legacy_) return {};
    if (!legacy_) return kRegistersOutOfReach;
    common_ = {};
    device_ = legacy_.at(legacy::kDeviceConfig);
    notify_at_[0] = notify_at_[1] = legacy_.at(legacy::kQueueNotify);
    return {};
}

std::uint8_t VirtioPci::status() const {
    return is_modern() ? common_.read8(common::kDeviceStatus) : legacy_.read8(legacy::kDeviceStatus);
}

void VirtioPci::set_status(std::uint8_t status) const {
    if (is_modern())
        common_.write8(common::kDeviceStatus, status);
    else
        legacy_.write8(legacy::kDeviceStatus, status);
}

void VirtioPci::reset() {
    set_status(0);
    (void)wait_until([this] { return status() == 0; }, kResetTime);
}

util::Result<void> VirtioPci::start() {
    reset();
    if (status() != 0) return kNoAnswer;
    set_status(kAcknowledge);
    set_status(kAcknowledge | kDriver);
    return {};
}

std::uint64_t VirtioPci::offered_features() const {
    if (!is_modern()) return legacy_.read32(legacy::kDeviceFeatures);
    common_.write32(common::kDeviceFeatureSelect, 0);
    std::uint64_t features = common_.read32(common::kDeviceFeature);
    common_.write32(common::kDeviceFeatureSelect, 1);
    return features | std::uint64_t{common_.read32(common::kDeviceFeature)} << 32;
}

util::Result<void> VirtioPci::accept_features(std::uint64_t features) {
    if (!is_modern()) {
        legacy_.write32(legacy::kDriverFeatures, static_cast<std::uint32_t>(features));
        return {};
    }
    common_.write32(common::kDriverFeatureSelect, 0);
    common_.write32(common::kDriverFeature, static_cast<std::uint32_t>(features));
    common_.write32(common::kDriverFeatureSelect, 1);
    common_.write32(common::kDriverFeature, static_cast<std::uint32_t>(features >> 32));
    set_status(kAcknowledge | kDriver | kFeaturesOk);
    if (!(status() & kFeaturesOk)) return kNotAsSpecified;
    return {};
}

util::Result<void> VirtioPci::open_queue(std::uint16_t index, Virtqueue& queue, unsigned pieces_per_packet) {
    ASSERT(index < kQueues);
    if (is_modern()) return open_modern_queue(index, queue, pieces_per_packet);
    legacy_.write16(legacy::kQueueSelect, index);
    return open_legacy_queue(queue, pieces_per_packet);
}

util::Result<void> VirtioPci::open_legacy_queue(Virtqueue& queue, unsigned pieces_per_packet) {
    std::uint16_t size = legacy_.read16(legacy::kQueueSize);
    if (size < 2 || (size & (size - 1))) return kNotAsSpecified;
    TRY(queue.open(size, pieces_per_packet));
    legacy_.write32(legacy::kQueueAddress,
                    static_cast<std::uint32_t>(queue.descriptor_area() >> legacy::kPageBits));
    return {};
}

util::Result<void> VirtioPci::open_modern_queue(std::uint16_t index, Virtqueue& queue,
                                                unsigned pieces_per_packet) {
    common_.write16(common::kQueueSelect, index);
    std::uint16_t size = common_.read16(common::kQueueSize);
    if (size < 2) return kNotAsSpecified;
    size = std::min(std::bit_floor(size),
                    std::bit_ceil(static_cast<std::uint16_t>(Virtqueue::kMostSlots * pieces_per_packet)));
    common_.write16(common::kQueueSize, size);
    TRY(queue.open(size, pieces_per_packet));
    write64(common_, common::kQueueDescriptors, queue.descriptor_area());
    write64(common_, common::kQueueDriver, queue.driver_area());
    write64(common_, common::kQueueDevice, queue.device_area());
    std::uint32_t offset = common_.read16(common::kQueueNotifyOffset) * notify_multiplier_;
    notify_at_[index] = notify_.at(offset);
    common_.write16(common::kQueueEnable, 1);
    return {};
}

}  // namespace drivers
