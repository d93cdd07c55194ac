import { Divider, NavLink } from '@mantine/core';
import {
  IconBellCog,
  IconBuilding,
  IconBuildingStore,
  IconCalendarRepeat,
  IconChartBubble,
  IconChecklist,
  IconFolderDown,
  IconHeartbeat,
  IconHistory,
  IconHome,
  type Icon,
  IconKey,
  IconMailX,
  IconTable,
  IconUpload,
  IconUserCog,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useCustomerId } from '../customers/current-customer';
import { type CustomerRole, useCustomerRole } from '../customers/customer-role';
import { useSession } from '../session/session-provider';
import { texts } from '../texts';

interface Place {
  to: string;
  label: string;
  icon: Icon;
}

/** What somebody with this role may see of a customer. */
const placesOf = (customerId: string, { canWrite, isOwner }: CustomerRole): Place[] => {
  const home = `/customers/${customerId}`;
  return [
    { to: home, label: texts.navigation.overview, icon: IconHome },
    ...(canWrite ? [{ to: `${home}/upload`, label: texts.navigation.upload, icon: IconUpload }] : []),
    { to: `${home}/datasets`, label: texts.navigation.datasets, icon: IconTable },
    { to: `${home}/reports`, label: texts.navigation.reports, icon: IconChartBubble },
    { to: `${home}/report-schedules`, label: texts.reportSchedules.title, icon: IconCalendarRepeat },
    { to: `${home}/stores`, label: texts.navigation.stores, icon: IconBuildingStore },
    { to: `${home}/sources`, label: texts.sources.title, icon: IconFolderDown },
    { to: `${home}/tasks`, label: texts.navigation.tasks, icon: IconChecklist },
    { to: `${home}/notification-choices`, label: texts.notificationChoices.title, icon: IconBellCog },
    { to: `${home}/members`, label: texts.navigation.members, icon: IconUsers },
    ...(isOwner
      ? [
          { to: `${home}/api-keys`, label: texts.navigation.apiKeys, icon: IconKey },
          { to: `${home}/webhooks`, label: texts.webhooks.title, icon: IconWebhook },
        ]
      : []),
  ];
};

const CUSTOMERS: Place = { to: '/customers', label: texts.navigation.customers, icon: IconBuilding };

const ADMINISTRATION: Place[] = [
  { to: '/administration/users', label: texts.users.title, icon: IconUserCog },
  { to: '/administration/system', label: texts.system.title, icon: IconHeartbeat },
  { to: '/administration/dead-letters', label: texts.deadLetters.title, icon: IconMailX },
  { to: '/administration/audit', label: texts.audit.title, icon: IconHistory },
];

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const customerId = useCustomerId();
  const role = useCustomerRole(customerId);
  const { user } = useSession();
  const [location] = useLocation();
  const link = ({ to, label, icon: PlaceIcon }: Place) => {
    const depth = to.split('/').length;
    const isHere = location === to || (depth > 3 && location.startsWith(`${to}/`));
    return (
      <NavLink
        key={to}
        component={Link}
        href={to}
        label={label}
        leftSection={<PlaceIcon size={18} aria-hidden />}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        onClick={onNavigate}
      />
    );
  };
  return (
    <>
      {customerId !== undefined && placesOf(customerId, role).map(link)}
      {customerId !== undefined && <Divider my="xs" />}
      {link(CUSTOMERS)}
      {user.isAdmin && <Divider my="xs" label={texts.navigation.administration} />}
      {user.isAdmin && ADMINISTRATION.map(link)}
    </>
  );
}
