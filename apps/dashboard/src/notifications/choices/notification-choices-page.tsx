import { Tabs } from '@mantine/core';
import { useParams } from 'wouter';
import { useCustomerRole } from '../../customers/customer-role';
import { Page } from '../../layout/page';
import { texts } from '../../texts';
import { ChoicesForm } from './choices-form';

const words = texts.notificationChoices;

/** Of what the user hears by which channel, and what holds for members who have not chosen. */
export default function NotificationChoicesPage() {
  const { customerId } = useParams<{ customerId: string }>();
  const { isOwner } = useCustomerRole(customerId);
  return (
    <Page title={words.title} lead={words.lead}>
      <Tabs defaultValue="user" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="user">{words.mine}</Tabs.Tab>
          <Tabs.Tab value="customer">{words.everybodys}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="user" pt="md">
          <ChoicesForm customerId={customerId} level="user" mayChange />
        </Tabs.Panel>
        <Tabs.Panel value="customer" pt="md">
          <ChoicesForm customerId={customerId} level="customer" mayChange={isOwner} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
