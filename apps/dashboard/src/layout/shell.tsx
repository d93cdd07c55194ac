import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';
import { CustomerSwitch } from './customer-switch';
import { Navigation } from './navigation';
import { NotificationBell } from '../notifications/notification-bell';
import { texts } from '../texts';

const CONTENT = 'content';

/** The frame of every page: brand, customer, navigation and account around the content. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <>
      <a className="skip-link" href={`#${CONTENT}`}>
        {texts.layout.skip}
      </a>
      <AppShell
        header={{ height: 60 }}
        navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
        padding="md"
      >
        <AppShell.Header px="md">
          <Group h="100%" justify="space-between" wrap="nowrap">
            <Group wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={texts.layout.menu}
              />
              <Brand isShort />
            </Group>
            <Group wrap="nowrap" gap="xs">
              <CustomerSwitch />
              <NotificationBell />
              <ColorSchemeButton />
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label={texts.layout.navigation}>
          <Navigation onNavigate={close} />
        </AppShell.Navbar>
        <AppShell.Main id={CONTENT} tabIndex={-1}>
          {children}
        </AppShell.Main>
      </AppShell>
    </>
  );
}

function ColorSchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={texts.layout.lightOrDark}
      onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
    >
      {scheme === 'dark' ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </ActionIcon>
  );
}
