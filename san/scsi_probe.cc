#include "san/scsi_probe.h"

#include "san/iscsi_failures.h"
#include "san/iscsi_uri.h"

namespace san {

static constexpr std::uint8_t kSerialPage = 0x80, kDesignatorPage = 0x83;

void ScsiProbe::start(const ScsiLun& lun, util::Instant) {
    state_ = State::Running;
    step_ = Step::Inquiry;
    lun_ = lun;
    in_flight_ = false;
    retry_.reset();
    geometry_ = {};
    identity_ = {};
    failure_ = nullptr;
    sense_ = {};
    luns_.clear();
}

ScsiTask* ScsiProbe::next(util::Instant now) {
    if (in_flight_ || state_ != State::Running || now < retry_.again_at()) return nullptr;
    prepare();
    in_flight_ = true;
    return &task_;
}

void ScsiProbe::prepare() {
    std::size_t size = buffer_.size();
    auto allocation = static_cast<std::uint16_t>(size);
    task_.lun = lun_;
    switch (step_) {
        case Step::Inquiry:
            size = 96;  // there are targets that choke on more
            task_.cdb = cdb_inquiry(static_cast<std::uint16_t>(size));
            break;
        case Step::DesignatorPage: task_.cdb = cdb_vital_product_data(kDesignatorPage, allocation); break;
        case Step::SerialPage: task_.cdb = cdb_vital_product_data(kSerialPage, allocation); break;
        case Step::TestReady:
            task_.cdb = cdb_test_unit_ready();
            size = 0;
            break;
        case Step::StartUnit:
            task_.cdb = cdb_start_unit();
            size = 0;
            break;
        case Step::Capacity10:
            task_.cdb = cdb_read_capacity_10();
            size = 8;
            break;
        case Step::Capacity16:
            size = 32;
            task_.cdb = cdb_read_capacity_16(static_cast<std::uint32_t>(size));
            break;
        case Step::ModeSense:
            size = 192;
            task_.cdb = cdb_mode_sense_6(static_cast<std::uint8_t>(size));
            break;
        case Step::ReportLuns:
        case Step::End:
            task_.cdb = cdb_report_luns(allocation);
            task_.lun = {};
            break;
    }
    task_.data = util::MutableBytes(buffer_).first(size);
    task_.direction = size ? ScsiTask::Direction::In : ScsiTask::Direction::None;
}

void ScsiProbe::task_done(util::Instant now) {
    in_flight_ = false;
    ScsiVerdict verdict = judge(task_);
    switch (retry_.decide(verdict, now)) {
        case ScsiAction::Retry:
        case ScsiAction::RetryLater: return;
        case ScsiAction::StartUnit: step_ = Step::StartUnit; return;
        case ScsiAction::Done: return take_answer();
        case ScsiAction::Fail: break;
    }
    if (!failure_) sense_ = verdict.sense;
    take_failure(*verdict.failure);
}

void ScsiProbe::finish(State state) {
    state_ = state;
    step_ = Step::End;
}

void ScsiProbe::fail(const util::Failure& failure) {
    failure_ = &failure;
    finish(State::Failed);
}

void ScsiProbe::take_answer() {
    switch (step_) {
        case Step::Inquiry: return take_inquiry();
        case Step::DesignatorPage:
            identity_.designators = identity_of_page(kDesignatorPage, answer());
            step_ = Step::SerialPage;
            return;
        case Step::SerialPage:
            identity_.serial = identity_of_page(kSerialPage, answer());
            step_ = Step::TestReady;
            return;
        case Step::TestReady: step_ = Step::Capacity10; return;
        case Step::StartUnit: step_ = Step::TestReady; return;
        case Step::Capacity10: return take_capacity(parse_capacity_10(answer()));
        case Step::Capacity16: return take_capacity(parse_capacity_16(answer()));
        case Step::ModeSense:
            if (auto protect = parse_write_protect(answer())) geometry_.read_only = *protect;
            return finish(State::Ready);
        case Step::ReportLuns: take_luns(); return finish(State::Failed);
        case Step::End: return;
    }
}

// A command that finally failed. Some of them we can do without.
void ScsiProbe::take_failure(const util::Failure& failure) {
    switch (step_) {
        case Step::DesignatorPage: step_ = Step::SerialPage; return;
        case Step::SerialPage:
        case Step::StartUnit: step_ = Step::TestReady; return;
        case Step::ModeSense: return finish(State::Ready);
        case Step::ReportLuns: return finish(State::Failed);
        default: break;
    }
    if (&failure != &kNoSuchLun) return fail(failure);
    failure_ = &failure;
    step_ = Step::ReportLuns;
}

void ScsiProbe::take_inquiry() {
    auto inquiry = parse_inquiry(answer());
    if (!inquiry) return fail(kShortTransfer);
    device_type_ = inquiry->device_type;
    bool disk = device_type_ == Inquiry::kDisk, cdrom = device_type_ == Inquiry::kCdrom;
    if (inquiry->qualifier != 0 || !(disk || cdrom)) {
        bool missing = inquiry->qualifier != 0 || device_type_ == Inquiry::kNoDevice;
        failure_ = missing ? &kNoSuchLun : &kNotADisk;
        step_ = Step::ReportLuns;
        return;
    }
    geometry_.is_cdrom = geometry_.read_only = cdrom;
    step_ = Step::DesignatorPage;
}

void ScsiProbe::take_capacity(const std::optional<Capacity>& capacity) {
    if (!capacity) return fail(kShortTransfer);
    if (capacity->too_large) {
        step_ = Step::Capacity16;
        return;
    }
    std::uint32_t size = capacity->block_size;
    if (size != 512 && size != 2048 && size != 4096) return fail(kBlockSize);
    if (capacity->blocks == 0) return fail(kEmptyLun);
    geometry_.blocks = identity_.blocks = capacity->blocks;
    geometry_.block_size = identity_.block_size = size;
    if (geometry_.is_cdrom) return finish(State::Ready);
    step_ = Step::ModeSense;
}

void ScsiProbe::take_luns() {
    static constexpr unsigned kMostListed = 8;
    util::Reader reader(answer());
    std::size_t length = reader.be32();
    reader.skip(4);
    unsigned listed = 0;
    luns_.text("LUNs that exist: ");
    for (; length >= sizeof(ScsiLun) && listed < kMostListed; length -= sizeof(ScsiLun)) {
        auto lun = reader.take<ScsiLun>();
        if (!reader.ok()) break;
        luns_.text(listed++ ? ", " : "").text(to_text(lun).view());
    }
    if (!listed) luns_.text("none");
    else if (length >= sizeof(ScsiLun)) luns_.text(", ...");
}

}  // namespace san
