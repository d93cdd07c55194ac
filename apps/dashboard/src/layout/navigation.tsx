import { Divider, NavLink } from '@mantine/core';
import {
  IconBuilding,
  IconBuildingStore,
  IconChartBubble,
  IconHome,
  type Icon,
  IconTable,
  IconUpload,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useCustomerId } from '../customers/current-customer';
import { texts } from '../texts';

interface Place {
  to: string;
  label: string;
  icon: Icon;
}

const placesOf = (customerId: string): Place[] => {
  const home = `/customers/${customerId}`;
  return [
    { to: home, label: texts.navigation.overview, icon: IconHome },
    { to: `${home}/upload`, label: texts.navigation.upload, icon: IconUpload },
    { to: `${home}/datasets`, label: texts.navigation.datasets, icon: IconTable },
    { to: `${home}/reports`, label: texts.navigation.reports, icon: IconChartBubble },
    { to: `${home}/stores`, label: texts.navigation.stores, icon: IconBuildingStore },
  ];
};

const OTHERS: Place[] = [{ to: '/customers', label: texts.navigation.customers, icon: IconBuilding }];

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const customerId = useCustomerId();
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
      {customerId !== undefined && placesOf(customerId).map(link)}
      {customerId !== undefined && <Divider my="xs" />}
      {OTHERS.map(link)}
    </>
  );
}
