#include "san/scsi_retry.h"

#include <algorithm>

namespace san {

ScsiAction ScsiRetry::decide(const ScsiVerdict& verdict, util::Instant now) {
    switch (verdict.action) {
        case ScsiAction::Done:
        case ScsiAction::Fail: return verdict.action;
        case ScsiAction::Retry:
        case ScsiAction::StartUnit:
            again_at_ = now;
            return ++quick_tries_ > kMostQuickTries ? ScsiAction::Fail : verdict.action;
        case ScsiAction::RetryLater: break;
    }
    if (!busy_) busy_since_ = now;
    busy_ = true;
    if (now - busy_since_ > kBusyLimit) return ScsiAction::Fail;
    again_at_ = now + delay_;
    delay_ = std::min(delay_ * 2, kLongestDelay);
    return ScsiAction::Retry;
}

}  // namespace san
